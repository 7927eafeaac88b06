// What changes between two plans: "what if". Only compares; both plans come from planOf.

import type { Plan, PlannedNode, PlannedRead } from './plan.ts'

export interface PlanChange {
  readonly builds: { readonly more: readonly PlannedNode[]; readonly less: readonly PlannedNode[] }
  readonly tests: { readonly more: readonly string[]; readonly less: readonly string[] }
  /** Reads that both plans have and that go elsewhere. */
  readonly reads: readonly { readonly before: PlannedRead; readonly after: PlannedRead }[]
  /** Of what runs in both plans: what is missing only in the other, or only in this. */
  readonly missing: { readonly more: readonly PlannedRead[]; readonly less: readonly PlannedRead[] }
  readonly commandLine: string
}

export function planChange(before: Plan, after: Plan): PlanChange {
  const built = (plan: Plan) => new Set(plan.nodes.map((node) => node.unique_id))
  const [was, is] = [built(before), built(after)]
  const tested = (plan: Plan) => new Set(plan.tests.map((test) => test.unique_id))
  const [wasTested, isTested] = [tested(before), tested(after)]
  const others = new Map(before.outside.map((read) => [keyOf(read), read]))
  const lacking = (plan: Plan) => new Set(plan.missing.map(keyOf))
  const [lacked, lacks] = [lacking(before), lacking(after)]
  return {
    builds: { more: after.nodes.filter((node) => !was.has(node.unique_id)), less: before.nodes.filter((node) => !is.has(node.unique_id)) },
    tests: { more: [...isTested].filter((id) => !wasTested.has(id)), less: [...wasTested].filter((id) => !isTested.has(id)) },
    reads: after.outside.flatMap((read) => { const other = others.get(keyOf(read)); return other && (other.resolution.kind !== read.resolution.kind || other.resolution.relation !== read.resolution.relation) ? [{ before: other, after: read }] : [] }),
    missing: { more: after.missing.filter((read) => !lacked.has(keyOf(read))), less: before.missing.filter((read) => !lacks.has(keyOf(read))) },
    commandLine: after.commandLine,
  }
}

export function isUnchanged({ builds, tests, reads, missing }: PlanChange): boolean {
  return [builds.more, builds.less, tests.more, tests.less, reads, missing.more, missing.less].every((each) => each.length === 0)
}

function keyOf({ caller, target }: PlannedRead): string {
  return `${caller}\0${target ?? ''}`
}

// The pre- and post-hooks of a node as its materialization renders them when it runs: `dbt compile` writes them nowhere.
// dbt 1.12: macros/materializations/hooks.sql run_hooks, `render(hook.sql) | trim`, with the node's own context. An empty one runs nothing.

import { PyDict, PyList, PyObject } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { strip } from '../../text/python.ts'
import { evaluateForRun } from '../context/evaluate-node.ts'
import type { RunContext } from '../context/types.ts'
import { templateOfText } from '../nodes/source-text.ts'
import type { ManifestNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import { draftOf } from './node-draft.ts'
import { distinctEvidence, distinctUnknown, evidenceOf, unknownOf } from './outcome.ts'
import { questionsOf } from './questions.ts'
import type { Compiled, CompileWorld, Evidence, Unknown } from './types.ts'

export interface HookText {
  readonly when: 'pre-hook' | 'post-hook'
  /** Whether it runs inside the transaction of the node. */
  readonly transaction: boolean
  /** Null exactly when `unknown` or `error` says why. */
  readonly sql: string | null
  readonly unknown: readonly Unknown[]
  readonly error: Problem | null
  readonly evidence: readonly Evidence[]
}

/** In the order in which they are written. `compiled`: of the node, for hooks that print it. */
export function compileHooks(world: CompileWorld, node: ManifestNode, compiled: Compiled): readonly HookText[] {
  const hooks = (['pre-hook', 'post-hook'] as const).flatMap((when) => {
    const of = node.config.get(when)
    return of instanceof PyList ? of.items.map((hook) => ({ when, hook })) : []
  })
  if (hooks.length === 0) return []
  // All are rendered in one context: what one does to `model` the next sees.
  const { run } = questionsOf(world, node, null)
  const extra = new Map(run.extra)
  if (compiled.compiled_code !== null) for (const name of ['sql', 'compiled_code']) extra.set(name, compiled.compiled_code)
  return hooks.flatMap(({ when, hook }) => hookText(world, node, { ...run, extra }, when, hook) ?? [])
}

function hookText(world: CompileWorld, node: ManifestNode, run: RunContext, when: HookText['when'], hook: Value): HookText | null {
  const sql = hook instanceof PyObject ? memberOf(hook, 'sql') : hook
  if (typeof sql !== 'string') return null
  // The text stands in the node's file or in YAML: places of its calls are those of the node.
  const evaluation = evaluateForRun(world.world, { ...draftOf(node), raw_code: sql, testKwargs: null, offset: node.place.start }, templateOfText(sql), run)
  const unknown = distinctUnknown((evaluation.unknown.length > 0 ? evaluation.unknown : evaluation.asked).map((origin) => ({ ...unknownOf(world, node, origin), place: node.place })))
  return {
    when, transaction: (hook instanceof PyObject ? memberOf(hook, 'transaction') : true) !== false,
    sql: unknown.length > 0 || evaluation.text === null ? null : strip(evaluation.text), unknown, error: evaluation.error && { ...evaluation.error, place: node.place },
    evidence: distinctEvidence(evaluation.evidence.map((each) => evidenceOf(world, node, each))),
  }
}

function memberOf(hook: PyObject, name: string): Value | undefined { return hook instanceof PyDict ? hook.get(name) : hook.getattr(name) }

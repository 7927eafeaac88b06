// Resolution against real dbt 1.7, 1.8, 1.11, 1.12 and 2: test/conformance/record_defer.py compiled each project under every mode, existence
// and selection. Every line `… {{ ref('x') }} … -- r:label` of a model must print, with our answers, as the line of that label in dbt's text.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { renderRelation } from '../../../server/dbt/adapters/render.ts'
import { answerCall } from '../../../server/dbt/defer/answer.ts'
import { listed, type ListedRelation } from '../../../server/dbt/defer/existence.ts'
import { policyOf } from '../../../server/dbt/defer/render.ts'
import { resolveThis } from '../../../server/dbt/defer/resolve.ts'
import type { DeferWorld } from '../../../server/dbt/defer/types.ts'
import { commandTypes } from '../../../server/dbt/graph/select-commands.ts'
import { parseDifference } from '../../../server/dbt/graph/select-spec.ts'
import { selectNodes } from '../../../server/dbt/graph/select.ts'
import type { Manifest, ManifestNode, ResourceCall } from '../../../server/dbt/nodes/types.ts'
import type { RuleSetName } from '../../../server/dbt/rules/rules.ts'
import { openState } from '../../../server/dbt/state/open.ts'
import { scanBytes } from '../../../server/dbt/state/scan.ts'
import { WANTS_ALL } from '../../../server/dbt/state/wants.ts'
import { deferProject } from '../../support/defer-project.ts'
import { manifestFromJson } from '../../support/manifest-from-json.ts'

interface Recorded {
  readonly dbt: readonly RuleSetName[]
  readonly modes: readonly ('none' | 'defer' | 'favor')[]
  readonly exists: { readonly [level: string]: readonly ListedRelation[] }
  readonly selections: readonly (string | null)[]
  readonly nodes: { readonly [id: string]: { readonly texts: readonly string[]; readonly answers: readonly { readonly dbt: readonly string[]; readonly row: readonly (number | null)[] }[] } }
}

const directory = path.resolve(import.meta.dirname, '../../fixtures/defer')
/** `quoting:` of dbt_project.yml as the target dev renders it. */
const QUOTING: ReadonlyMap<string, ReadonlyMap<string, boolean>> = new Map([['crate', new Map([['database', false], ['schema', false], ['identifier', false]])]])
const CALL = /\{\{-?\s*(builtins\.)?(ref|source|function|this)\b(?:\(([^)]*)\))?\s*-?\}\}/g

for (const name of ['crate', 'pier', 'strait']) {
  if (!existsSync(path.join(directory, `${name}.json`))) continue
  const recorded = JSON.parse(readFileSync(path.join(directory, `${name}.json`), 'utf8')) as Recorded
  const { manifest } = manifestFromJson(readFileSync(path.join(directory, `${name}.dev.json`), 'utf8'))
  const pack = scanBytes(readFileSync(path.join(directory, `${name}.state/manifest.json`)), WANTS_ALL)
  const state = pack ? openState(pack, 'state', 'state/manifest.json') : null
  const lines = labelled(manifest)
  const test = suite(`defer as dbt: ${name}`)
  for (const version of recorded.dbt) {
    // Recorded without any selection: there dbt 2 compiled every node under each --select, and deferred none.
    if (name === 'crate' && version === '2') continue
    test(`dbt ${version}`, () => {
      assert.ok(state && !('code' in state))
      const project = deferProject(name, version, { quoting: QUOTING.get(name) ?? new Map(), packages: packagesOf(manifest) })
      let compared = 0
      const wrong: string[] = []
      combinations(recorded, (mode, level, selection, index) => {
        const world: DeferWorld = {
          project, manifest, state: state && !('code' in state) ? state : null,
          defer: mode !== 'none', favorState: mode === 'favor', command: 'compile',
          listing: listed(recorded.exists[level] ?? [], 'listing', null, adapterOf('duckdb', project.rules)),
          selected: selection === null ? null : select(manifest, name, selection),
        }
        for (const line of lines) {
          const answer = recorded.nodes[line.node.unique_id]
          const at = answer?.answers.find((each) => each.dbt.includes(version))?.row[index]
          if (answer === undefined || at === undefined || at === null) continue
          const wanted = (answer.texts[at] ?? '').split('\n').find((each) => each.trimEnd().endsWith(`-- ${line.label}`))?.trimEnd()
          if (wanted === undefined) continue
          const got = line.text.replace(CALL, (_all, builtin: string | undefined, fn: string, args: string | undefined) => printed(world, line.node, fn, args ?? '', name === 'crate' && fn === 'ref' && builtin === undefined))
          compared++
          if (!wanted.includes(got)) wrong.push(`${mode} ${level} ${selection ?? '-'} ${line.node.unique_id} ${line.label}\n  ours ${got}\n  dbt  ${wanted}`)
        }
      })
      assert.ok(compared > 50, `only ${compared} lines compared`)
      console.log(`     ${name} ${version}: ${compared} lines, ${wrong.length} differ`)
      assert.is(wrong.length, 0, wrong.slice(0, 40).join('\n'))
    })
  }
  test.run()
}

function combinations(recorded: Recorded, visit: (mode: 'none' | 'defer' | 'favor', level: string, selection: string | null, index: number) => void): void {
  let index = 0
  for (const mode of recorded.modes) for (const level of Object.keys(recorded.exists)) for (const selection of recorded.selections) visit(mode, level, selection, index++)
}

interface Line { readonly node: ManifestNode; readonly text: string; readonly label: string }

function labelled(manifest: Manifest): Line[] {
  return Array.from(manifest.nodes.values()).flatMap((node) => node.raw_code.split('\n').flatMap((line) => {
    const label = / -- (\S+)\s*$/.exec(line)?.[1]
    const rest = line.replace(CALL, '')
    return label !== undefined && rest !== line && !/[{}]/.test(rest) ? [{ node, text: line.trimEnd(), label }] : []
  }))
}

function printed(world: DeferWorld, node: ManifestNode, fn: string, args: string, withoutDatabase: boolean): string {
  const resolution = fn === 'this' ? resolveThis(world, node) : answerCall(world, node, callOf(fn, args))
  if (!withoutDatabase || resolution.reads === null || resolution.kind === 'ephemeral') return resolution.relation ?? `<${resolution.kind}: ${resolution.message}>`
  return renderRelation(world.project.adapter, resolution.reads, policyOf(world.project, resolution.reads), { database: false, schema: true, identifier: true })
}

function callOf(fn: string, args: string): ResourceCall {
  const parts = args.split(',').map((each) => each.trim()).filter((each) => each !== '')
  const named = parts.find((each) => /^(v|version)\s*=/.test(each))?.replace(/^\w+\s*=\s*/, '') ?? null
  const unquoted = (text: string): string => text.replace(/^['"]|['"]$/g, '')
  const version = named === null ? null : /^\d+$/.test(named) ? BigInt(named) : unquoted(named)
  return { kind: fn as 'ref', args: parts.filter((each) => !each.includes('=')).map(unquoted), version, invalid: null, span: { start: 0, end: 0 }, path: '', nameSpan: null, via: [], certain: true }
}

function select(manifest: Manifest, projectName: string, selection: string): ReadonlySet<string> {
  const spec = parseDifference([selection], [], 'eager')
  if (!spec.ok) throw new Error(spec.message)
  const { ids, error } = selectNodes(manifest, spec.spec, {
    projectName, patchPath: () => null,
    pathKind: (each) => (/\.\w+$/.test(each) ? 'file' : 'directory'),
    state: null, lacks: new Set(), unknownStateCheck: 'error', emptyDropsNeighbours: false, results: null, freshness: { previous: null, current: null }, selectors: new Map(),
    resourceTypes: commandTypes('compile', [], []), includeEmpty: false,
  })
  if (error !== null) throw new Error(error)
  return new Set(ids)
}

function packagesOf(manifest: Manifest): string[] {
  return Array.from(new Set(Array.from(manifest.nodes.values(), (node) => node.package_name)))
}


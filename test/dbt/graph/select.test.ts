// Selection against real dbt: test/conformance/select/record.py asked dbt 1.12 what each selection lists; ours must list the same.

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commandTypes } from '../../../server/dbt/graph/select-commands.ts'
import { parseSelectors, selectionSpec } from '../../../server/dbt/graph/select-file.ts'
import { INDIRECT_MODES, type IndirectSelection } from '../../../server/dbt/graph/select-spec.ts'
import type { SelectionEnv } from '../../../server/dbt/graph/select-types.ts'
import { selectNodes } from '../../../server/dbt/graph/select.ts'
import type { Manifest, ManifestNode, OtherResource, SourceNode } from '../../../server/dbt/nodes/types.ts'
import { parseJson } from '../../../server/dbt/state/json.ts'
import { manifestFromJson } from '../../support/manifest-from-json.ts'

interface Answer { readonly args: readonly string[]; readonly lines: readonly string[]; readonly error: string | null; readonly warnings: readonly string[] }

const directory = path.resolve(import.meta.dirname, '../../fixtures/select')
const project = path.resolve(import.meta.dirname, '../../conformance/select/project')
const { manifest, projectName } = manifestFromJson(readFileSync(path.join(directory, 'manifest.json'), 'utf8'))
const answers = JSON.parse(readFileSync(path.join(directory, 'answers.json'), 'utf8')) as readonly Answer[]
const selectorsData = parseJson(readFileSync(path.join(directory, 'selectors.json'), 'utf8'))
const paths = knownPaths(project)

const select = suite('selection as dbt 1.12')

for (const answer of answers) {
  select(answer.args.join(' ') || '(nothing)', () => {
    const got = list(answer.args)
    if (answer.error !== null) {
      assert.ok(got.error !== null, `dbt refuses: ${answer.error}`)
      assert.ok(answer.error.includes(got.error ?? ''), `${got.error}\n is not in\n${answer.error}`)
      return
    }
    assert.is(got.error, null)
    assert.equal(got.lines, answer.lines)
    assert.equal(got.warnings, answer.warnings.map((raw) => `The selection criterion '${raw}' does not match any enabled nodes`))
  })
}

// dbt 1.7 and 1.8: graph/selector.py get_nodes_from_criteria returns what the method found, before its neighbours.
select('`empty` before dbt 1.9 leaves parents and children out', () => {
  const some = answers.map(({ args }) => args).find((args) => args.length === 2 && args[0] === '-s' && /^\+?\w+\+$/.test(args[1] ?? '') && list([...args]).lines.length > 1)
  assert.ok(some, 'a selection with neighbours')
  const [, term = ''] = some ?? []
  const empty = [...some ?? [], '--indirect-selection', 'empty']
  assert.ok(list(empty).lines.length > 1)
  assert.equal(list(empty, { emptyDropsNeighbours: true }).lines, list(['-s', term.replaceAll('+', ''), '--indirect-selection', 'empty']).lines)
})

select.run()

function list(args: readonly string[], other: Partial<SelectionEnv> = {}): { lines: readonly string[]; error: string | null; warnings: readonly string[] } {
  const options = parseArgs(args)
  const failed = (error: string): { lines: readonly string[]; error: string; warnings: readonly string[] } => ({ lines: [], error, warnings: [] })
  const selectors = selectorsData.ok ? parseSelectors(selectorsData.value, options.indirect) : null
  if (!selectors?.ok) return failed(selectors?.message ?? 'no selectors')
  const spec = selectionSpec(options, selectors.selectors)
  if (!spec.ok) return failed(spec.message)
  const env: SelectionEnv = {
    projectName, lacks: new Set(),
    pathKind: (name) => paths.get(name) ?? null,
    patchPath: (member) => ('patch' in member && member.patch ? member.patch.path.replace(/^[^:]*:\/\//, '') : null),
    state: null,
    unknownStateCheck: 'error', emptyDropsNeighbours: false,
    results: null,
    freshness: { previous: null, current: null },
    selectors: selectors.selectors,
    resourceTypes: commandTypes('ls', options.types, options.excludedTypes),
    includeEmpty: true,
    ...other,
  }
  const selection = selectNodes(manifest, spec.spec, env)
  return { lines: selection.ids.map((id) => selectorOf(manifest, id)), error: selection.error, warnings: selection.warnings }
}

function parseArgs(args: readonly string[]) {
  const options = { select: [] as string[], exclude: [] as string[], selector: null as string | null, indirect: 'eager' as IndirectSelection, types: [] as string[], excludedTypes: [] as string[] }
  let into: string[] | null = null
  for (const [i, arg] of args.entries()) {
    if (arg === '-s') into = options.select
    else if (arg === '--exclude') into = options.exclude
    else if (arg === '--resource-type') into = options.types
    else if (arg === '--exclude-resource-type') into = options.excludedTypes
    else if (arg === '--selector') { options.selector = args[i + 1] ?? null; into = null }
    else if (arg === '--indirect-selection') { options.indirect = INDIRECT_MODES.find((mode) => mode === args[i + 1]) ?? 'eager'; into = null }
    else into?.push(arg)
  }
  return options
}

/** task/list.py generate_selectors */
function selectorOf(from: Manifest, id: string): string {
  const member = (from.nodes.get(id) ?? from.sources.get(id) ?? from.others.get(id)) as ManifestNode | SourceNode | OtherResource
  switch (member.resource_type) {
    case 'source': return `source:${member.package_name}.${member.source_name}.${member.name}`
    case 'exposure': case 'metric': case 'saved_query': case 'semantic_model': return `${member.resource_type}:${member.package_name}.${member.name}`
    case 'unit_test': { const version = member.properties.get('version') ?? null; return `unit_test:${member.package_name}.${member.name}${version === null ? '' : `_v${String(version)}`}` }
    default: return member.fqn.join('.')
  }
}

function knownPaths(root: string): ReadonlyMap<string, 'file' | 'directory'> {
  return new Map(readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => [path.relative(root, path.join(entry.parentPath, entry.name)), entry.isDirectory() ? 'directory' : 'file']))
}

// Which names Jinja's context has, and which fields `model`, by version and kind of node: against real dbt (test/conformance/context/context_names.py).

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { draftOf } from '../../../server/dbt/compile/node-draft.ts'
import { questionsOf } from '../../../server/dbt/compile/questions.ts'
import { evaluateForParse, evaluateForRun } from '../../../server/dbt/context/evaluate-node.ts'
import type { NodeDraft } from '../../../server/dbt/context/types.ts'
import type { ManifestNode } from '../../../server/dbt/nodes/types.ts'
import type { Snapshot } from '../../../server/dbt/snapshot.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { PyList } from '../../../server/jinja/value.ts'
import { snapshotOf } from '../../support/snapshot.ts'

type Names = Readonly<Record<'context' | 'model', readonly string[]>>

const golden = JSON.parse(readFileSync(new URL('./names.golden.json', import.meta.url), 'utf8')) as Readonly<Record<string, Readonly<Record<string, Names>>>>
const CANDIDATES = [...new Set(Object.values(golden).flatMap((kinds) => Object.values(kinds).flatMap(({ context }) => context)))].filter((name) => name !== '_dbt_generic_test_kwargs')
const PROJECT = `
  //- dbt_project.yml
  name: p
  profile: names
  on-run-start: ["{{ say() }}"]
  //- profiles.yml
  names: {target: dev, outputs: {dev: {type: duckdb, path: 'names.duckdb', schema: main, threads: 1}}}
  //- macros/say.sql
  {% macro say() %}{% endmacro %}
  {% test looks(model) %}select 1{% endtest %}
  //- models/a.sql
  {{ say() }}select 1 as a
  //- models/p.yml
  models: [{name: a, tests: [looks]}]
  //- tests/t.sql
  {{ say() }}select 1 as a
  //- analyses/an.sql
  {{ say() }}select 1 as a
  //- snapshots/s.sql
  {% snapshot s %}{{ config(target_schema='main', unique_key='a', strategy='check', check_cols='all') }}select 1 as a{% endsnapshot %}
`
const NAMES = `[${CANDIDATES.map((name) => `'${name}' if ${name} is defined`).join(', ')}]`
const FIELDS = 'model.keys()|list|sort'

const test = suite('names of the context, by version and kind')

for (const [version, kinds] of Object.entries(golden)) {
  for (const [kind, expected] of Object.entries(kinds)) {
    if (kind.startsWith('name ')) continue
    test(`${version}: ${kind}`, async () => {
      const { snapshot } = await snapshotOf(`${PROJECT}  //- .dbt-defer-ls.yml\n  rules: '${version}'\n`)
      const node = nodeOf(snapshot, kind.replace(/ (parse|run)$/, ''))
      const told = kind.endsWith(' parse') ? atParse(snapshot, node) : atRun(snapshot, node)
      // Whether YAML is patched on is this project's business.
      for (const part of ['context', 'model'] as const) assert.equal(difference(told[part], expected[part]), { missing: [], extra: [] }, part)
    })
  }
}

function difference(ours: readonly string[], theirs: readonly string[]): { readonly missing: readonly string[]; readonly extra: readonly string[] } {
  const passed = new Set(['patch_path', '_dbt_generic_test_kwargs'])
  return { missing: theirs.filter((name) => !ours.includes(name) && !passed.has(name)), extra: ours.filter((name) => !theirs.includes(name) && !passed.has(name)) }
}

function nodeOf(snapshot: Snapshot, kind: string): ManifestNode {
  const found = [...snapshot.manifest.nodes.values()].find((node) => kind === 'generic test' ? node.test : node.resource_type === kind && !node.test)
  if (!found) throw new Error(`no ${kind}`)
  return found
}

/** As the parser of files makes it: nothing but the declaration is known. */
function parsed(node: ManifestNode): NodeDraft {
  return { ...draftOf(node), version: null, declared: { checksum: node.checksum, index: 0, tags: [], test: null } }
}

function atParse(snapshot: Snapshot, node: ManifestNode): Names {
  const text = `{{ config(context=${NAMES}, model=${FIELDS}) }}${node.test ? '{# {{ test_looks( #}' : ''}`
  const evaluation = evaluateForParse(snapshot.world, { ...parsed(node), raw_code: text }, () => parseTemplate(text))
  const values = evaluation.configCalls[0]?.values
  return { context: texts(values?.get('context')), model: texts(values?.get('model')) }
}

function atRun(snapshot: Snapshot, node: ManifestNode): Names {
  const text = `{{ ${NAMES}|join(' ') }}|{{ (${FIELDS})|join(' ') }}`
  const { text: printed, unknown } = evaluateForRun(snapshot.world, { ...draftOf(node), raw_code: text }, parseTemplate(text), questionsOf(snapshot, node, null).run)
  assert.equal(unknown, [])
  const [context = '', model = ''] = (printed ?? '').split('|').map((part) => part.trim())
  return { context: context.split(/\s+/).toSorted(), model: model.split(' ') }
}

function texts(value: unknown): string[] {
  return value instanceof PyList ? value.items.filter((item) => typeof item === 'string').toSorted() : []
}

test.run()

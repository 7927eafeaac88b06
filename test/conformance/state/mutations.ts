// Random edits of a project as text: of SQL, YAML, macros, seeds and dbt_project.yml. The same for the same seed. Knows what people write,
// not what dbt makes of it: an edit that dbt refuses is as good as another.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Edit } from '../projects.ts'

export interface Mutation { readonly name: string; readonly edits: readonly Edit[] }

const SKIPPED = new Set(['target', 'logs', '.git', 'dbt_packages', 'dbt_modules', '.github', 'node_modules', 'ci', 'docs'])
/** How often a second edit comes with the first. */
const TWICE = 0.25

/** One mutation; null when what was drawn does not fit this project. */
export function mutation(project: string, files: readonly string[], random: () => number): Mutation | null {
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const tools: Tools = { any, random, files, read: (file) => readFileSync(path.join(project, file), 'utf8') }
  const [name, make] = any(KINDS)
  const edits = make(tools)
  if (edits === null || edits.length === 0) return null
  const [more, second] = random() < TWICE ? any(KINDS) : ['', () => null]
  const others = second(tools)
  const twice = others !== null && others.length > 0 && !others.some((one) => edits.some((other) => one.path === other.path || one.path === other.move || one.move === other.path))
  return twice ? { name: `${name}; ${more}`, edits: [...edits, ...others] } : { name, edits }
}

/** The project's own files, relative; of installed packages the macros alone. */
export function filesOf(project: string): string[] {
  const found: string[] = []
  for (const folder of ['dbt_packages', 'dbt_modules']) {
    if (!existsSync(path.join(project, folder))) continue
    for (const file of readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })) if (/^[^/]+\/macros\/.*\.sql$/.test(file)) found.push(`${folder}/${file}`)
  }
  const walk = (folder: string): void => {
    for (const entry of readdirSync(path.join(project, folder), { withFileTypes: true })) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) { if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) walk(file) }
      else if (/\.(sql|ya?ml|csv|md|py)$/.test(entry.name) && !/^(packages|dependencies|package-lock|profiles)\.yml$/.test(entry.name)) found.push(file)
    }
  }
  walk('')
  return found.toSorted()
}

interface Tools { readonly any: <T>(items: readonly T[]) => T; readonly random: () => number; readonly files: readonly string[]; read(file: string): string }
type Make = (tools: Tools) => Edit[] | null

const ofPackage = (file: string): boolean => /^dbt_(packages|modules)\//.test(file)
const sqlOf = (tools: Tools): string[] => tools.files.filter((file) => file.endsWith('.sql') && !ofPackage(file) && !file.startsWith('macros/') && !/\{%-?\s*macro\b/.test(tools.read(file)))
const macrosOf = (tools: Tools): string[] => tools.files.filter((file) => file.endsWith('.sql') && !ofPackage(file) && /\{%-?\s*macro\b/.test(tools.read(file)))
/** Files of packages that define a macro which the project calls by its package, or what such a call is dispatched to. */
function calledOf(tools: Tools): string[] {
  const called = new Set(tools.files.filter((file) => !ofPackage(file) && /\.(sql|ya?ml)$/.test(file)).flatMap((file) => [...tools.read(file).matchAll(/\w+\.(\w+)\s*[(:]|- \w+\.(\w+)$/gm)].map((hit) => hit[1] ?? hit[2] ?? '')))
  return tools.files.filter((file) => ofPackage(file) && [...tools.read(file).matchAll(/\{%-?\s*(?:macro|test)\s+(?:test_|\w+__)?(\w+)/g)].some((hit) => called.has(hit[1] ?? '')))
}
/** A model's name, of those whose file has it. */
const modelOf = (tools: Tools): string | null => { const files = sqlOf(tools).filter((file) => file.startsWith('models/')); return files.length === 0 ? null : path.posix.basename(tools.any(files), '.sql') }
/** A property file more, written for a model. */
function added(write: (model: string, tools: Tools) => string, file = 'models/zz_more.yml'): Make {
  return (tools) => { const model = modelOf(tools); return model === null ? null : [{ path: file, text: write(model, tools) }] }
}
const yamlOf = (tools: Tools): string[] => tools.files.filter((file) => /\.ya?ml$/.test(file) && file !== 'dbt_project.yml')

function rewritten(choose: (tools: Tools) => readonly string[], change: (text: string, tools: Tools, file: string) => string | null): Make {
  return (tools) => {
    const files = choose(tools)
    if (files.length === 0) return null
    const file = tools.any(files)
    const text = tools.read(file)
    const next = change(text, tools, file)
    return next === null || next === text ? null : [{ path: file, text: next }]
  }
}

/** Puts a line under a random line that matches, one level deeper. */
function under(pattern: RegExp, lines: readonly string[]): (text: string, tools: Tools) => string | null {
  return (text, tools) => {
    const all = text.split('\n')
    const places = all.flatMap((line, at) => (pattern.test(line) ? [at] : []))
    if (places.length === 0) return null
    const at = tools.any(places)
    const indent = `${/^\s*/.exec(all[at] ?? '')?.[0] ?? ''}${(all[at] ?? '').trimStart().startsWith('- ') ? '  ' : '  '}`
    return [...all.slice(0, at + 1), ...tools.any(lines).split('\n').map((line) => indent + line), ...all.slice(at + 1)].join('\n')
  }
}

function replaced(pattern: RegExp, values: readonly string[]): (text: string, tools: Tools) => string | null {
  return (text, tools) => {
    const found = [...text.matchAll(new RegExp(pattern, 'gm'))]
    if (found.length === 0) return null
    const hit = tools.any(found)
    const value = tools.any(values).replaceAll('$1', hit[1] ?? '').replaceAll('$2', hit[2] ?? '')
    return text.slice(0, hit.index) + value + text.slice(hit.index + hit[0].length)
  }
}

const CONFIGS = [
  "materialized='table'", "materialized='view'", "materialized='ephemeral'", "materialized='incremental'", "tags=['odd']", "tags='odd'", "meta={'owner': 'me', 'n': 3}", "schema='aside'", "alias='renamed'", "database='elsewhere'",
  'enabled=true', 'enabled=false', "persist_docs={'relation': true, 'columns': true}", "grants={'select': ['one', 'two']}", "pre_hook='select 1'", "post_hook=['select 1', 'select 2']", "materialized='tab' ~ 'le'", 'unknown_key=1.50',
  "materialized='incremental', unique_key=['id', 'other']", "docs={'show': false}", "group='nobody'", "materialized=('table' if target.name == 'prod' else 'view')", 'full_refresh=false', "on_schema_change='fail'", "meta={'a': none, 'b': [1, 2, ('x',)]}",
]
const PROJECT = ['+materialized: table', '+tags: [late]', '+tags: late', '+schema: aside', '+meta: {owner: you}', '+persist_docs: {relation: true, columns: true}', '+enabled: true', '+docs: {show: false}', '+grants: {select: [a]}', '+pre-hook: "select 1"', '+database: elsewhere', '+alias: "{{ target.name }}_x"', '+group: none', '+full_refresh: false']
const ENTRY = ['description: changed text', 'config: {tags: [from_yaml]}', 'config: {meta: {k: v}}', 'config: {materialized: table}', 'config: {enabled: false}', 'meta: {k: [1, 2]}', 'tags: [plain]', 'docs: {show: false}', 'config:\n  persist_docs: {columns: true}', 'config: {alias: other, schema: "{{ target.schema }}"}', 'config: {severity: warn}', 'latest_version: 1', 'deprecation_date: 2031-01-01', 'access: public', 'loader: airplane', 'loaded_at_field: at', 'quoting: {identifier: true}', 'identifier: other', 'freshness: {warn_after: {count: 1, period: day}}', 'config: {contract: {enforced: true}}', 'data_type: int', 'data_tests: [not_null]', 'data_tests: [{unique: {config: {where: "1=1"}}}]', 'owner: {name: A, email: a@b.c}', 'url: https://example.org', 'maturity: low', 'label: L']

const KINDS: readonly (readonly [string, Make])[] = [
  ['sql: comment', rewritten(sqlOf, (text, { any }) => any([`${text}\n-- changed`, `-- changed\n${text}`, `${text} /* x */`, `{# note #}${text}`]))],
  ['sql: white space around', rewritten(sqlOf, (text, { any }) => any([`\n\n${text}`, `${text}\n\n \n`, `${text.trimEnd()}`, `\u00a0${text}`, `\uFEFF${text}`]))],
  ['sql: white space inside', rewritten(sqlOf, (text, { any }) => any([text.replaceAll('\n', '\r\n'), text.replace(/ /, '  '), text.replace(/\n/, '\n\n'), text.replaceAll('    ', '\t')]))],
  ['sql: case', rewritten(sqlOf, (text) => text.replace(/\bselect\b/, 'SELECT'))],
  ['sql: config before', rewritten(sqlOf, (text, { any }) => `${any(['{{ config(', '{{- config(', "{{config("])}${any(CONFIGS)}) }}\n${text}`)],
  ['sql: config argument', rewritten(sqlOf, (text, { any }) => (/config\(\s*/.test(text) ? text.replace(/config\(\s*/, () => `config(${any(CONFIGS)}, `) : null))],
  ['sql: config value', rewritten(sqlOf, replaced(/(materialized|alias|schema|unique_key|strategy)\s*=\s*['"]\w+['"]/, ["$1='other'", '$1="table"', "$1=var('nope', 'view')"]))],
  ['sql: ref quotes', rewritten(sqlOf, (text) => text.replace(/ref\('(\w+)'\)/, 'ref( "$1" )'))],
  ['sql: jinja', rewritten(sqlOf, (text, { any }) => any([`{% set a = 1 %}${text}`, `${text}\n{% if execute %}-- x{% endif %}`, `${text}\n-- {{ target.name }}`, `${text}\n-- {{ var('nowhere', 'x') }} {{ this }}`]))],
  ['sql: file removed', (tools) => { const files = sqlOf(tools); return files.length === 0 ? null : [{ path: tools.any(files), remove: true }] }],
  ['sql: file moved', (tools) => { const files = sqlOf(tools); if (files.length === 0) return null; const file = tools.any(files); return [{ path: file, move: path.posix.join(path.posix.dirname(file), 'moved', path.posix.basename(file)) }] }],
  ['sql: file renamed', (tools) => { const files = sqlOf(tools); if (files.length === 0) return null; const file = tools.any(files); return [{ path: file, move: file.replace(/\.sql$/, '_again.sql') }] }],
  ['sql: file copied', (tools) => { const files = sqlOf(tools); if (files.length === 0) return null; const file = tools.any(files); return [{ path: file.replace(/\.sql$/, '_copy.sql'), text: tools.read(file) }] }],
  ['sql: file added', ({ any, files }) => { const folders = [...new Set(files.filter((file) => file.startsWith('models/')).map((file) => path.posix.dirname(file)))]; return folders.length === 0 ? null : [{ path: `${any(folders)}/fresh.sql`, text: any(['select 1 as id', "{{ config(materialized='table', tags=['x']) }} select 1 as id", "select * from {{ ref('fresh_not') }}"]) }] }],
  ['yaml: under a name', rewritten(yamlOf, under(/^\s*- name:/, ENTRY))],
  ['yaml: under a name', rewritten(yamlOf, under(/^\s*- name:/, ENTRY))],
  ['yaml: under a name', rewritten(yamlOf, under(/^\s*- name:/, ENTRY))],
  ['yaml: description', rewritten(yamlOf, replaced(/^(\s*)description: .*$/, ['$1description: another text', '$1description: "{{ doc(\'nope\') }}"', '$1description: "{{ target.name }}"']))],
  ['yaml: line removed', rewritten(yamlOf, (text, { any }) => { const lines = text.split('\n'); const at = any(lines.flatMap((line, index) => (/^\s*(- )?(\w+):\s*\S|^\s+- \w/.test(line) ? [index] : []))); return at === undefined ? null : [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n') })],
  ['yaml: test changed', rewritten(yamlOf, replaced(/- (unique|not_null)\b/, ['- not_null', '- unique', '- $1:\n              severity: warn', '- $1:\n              config: {where: "1 = 1"}', '- $1:\n              name: named_test']))],
  ['yaml: value', rewritten(yamlOf, replaced(/(severity|materialized|type|period|maturity|access|data_type|loader|identifier|schema|database|owner|label): \w+/, ['$1: other', '$1: warn', '$1: table', '$1: "{{ env_var(\'HOME\') }}"']))],
  ['yaml: number', rewritten(yamlOf, replaced(/: (\d+)$/, [': 7', ': $10', ': "$1"']))],
  ['yaml: order', rewritten(yamlOf, (text) => text.replace(/^( +)(- name: .*)\n\1  (description: .*)$/m, '$1- $3\n$1  $2'.replace('- name', 'name').replace(/\$1 {2}- /, '$1  ')))],
  ['yaml: file renamed', (tools) => { const files = yamlOf(tools).filter((file) => file.includes('/')); if (files.length === 0) return null; const file = tools.any(files); return [{ path: file, move: file.replace(/(\.ya?ml)$/, '_again$1') }] }],
  ['yaml: file moved', (tools) => { const files = yamlOf(tools).filter((file) => file.includes('/')); if (files.length === 0) return null; const file = tools.any(files); return [{ path: file, move: path.posix.join(path.posix.dirname(file), 'moved', path.posix.basename(file)) }] }],
  ['macro: text', rewritten(macrosOf, (text, { any }) => any([text.replace(/(\{%-?\s*macro[^%]*%\})/, '$1 '), text.replace(/(\{%-?\s*endmacro)/, '\n$1'), text.replace(/(\{%-?\s*macro[^%]*%\})/, '$1{# x #}'), `\n-- outside\n${text}`, text.replace(/\bselect\b/i, 'select /* m */'), `${text}\n{% macro one_more() %}1{% endmacro %}`]))],
  ['macro: text', rewritten(macrosOf, (text, { any }) => { const places = [...text.matchAll(/\{%-?\s*endmacro/g)]; if (places.length === 0) return null; const at = any(places).index; return `${text.slice(0, at)}{# y #}${text.slice(at)}` })],
  ['macro: of a package', rewritten(calledOf, (text, { any }) => { const places = [...text.matchAll(/\{%-?\s*end(macro|test)/g)]; if (places.length === 0) return null; const at = any(places).index; return `${text.slice(0, at)}${any(['{# y #}', ' ', '-- z\n'])}${text.slice(at)}` })],
  ['macro: of a package', rewritten(calledOf, (text, { any }) => any([`${text}\n{% macro zzz_more() %}{% endmacro %}\n`, text.replace(/(macro|test)(\s+)default__/, '$1$2postgres__'), text.replaceAll('\n', '\r\n')]))],
  ['macro: dispatched', (tools) => { const files = calledOf(tools); if (files.length === 0) return null; const names = [...tools.read(tools.any(files)).matchAll(/macro\s+default__(\w+)(\([^)]*\))/g)]; const hit = names.length > 0 ? tools.any(names) : undefined; return hit ? [{ path: 'macros/zz_dispatch.sql', text: `{% macro ${tools.any(['default', 'snowflake', 'bigquery', 'duckdb', 'databricks', 'postgres'])}__${hit[1]}${hit[2]} %}1{% endmacro %}` }] : null }],
  ['macro: override', ({ any }) => [{ path: 'macros/zz_override.sql', text: any(['{% macro generate_schema_name(custom_schema_name, node) %}{{ target.schema }}_x{% endmacro %}', '{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name }}_x{% endmacro %}', '{% macro get_where_subquery(relation) %}{{ relation }}{% endmacro %}', '{% macro ref(model_name) %}{% do return(builtins.ref(model_name)) %}{% endmacro %}', '{% test not_null(model, column_name) %}select * from {{ model }} where {{ column_name }} is null{% endtest %}', '{% macro is_incremental() %}{{ return(false) }}{% endmacro %}', '{% macro default__current_timestamp() %}now(){% endmacro %}', '{% macro dateadd(a, b, c) %}{{ c }}{% endmacro %}']) }]],
  ['macro: file removed', (tools) => { const files = macrosOf(tools); return files.length === 0 ? null : [{ path: tools.any(files), remove: true }] }],
  ['seed: content', rewritten(({ files }) => files.filter((file) => file.endsWith('.csv')), (text, { any }) => any([`${text}\n1,2,3`, `${text}\n\n`, text.trimEnd(), text.replaceAll('\n', '\r\n'), text.replace(/\d/, '9')]))],
  ['seed: large', rewritten(({ files }) => files.filter((file) => file.endsWith('.csv')), (text) => `${text.trimEnd()}\n${`${(text.trimEnd().split('\n').at(-1) ?? '1').padEnd(40, '1')}\n`.repeat(30000)}`)],
  ['seed: added', ({ any }) => [{ path: any(['seeds/zz_seed.csv', 'data/zz_seed.csv']), text: 'id,name\n1,a\n' }]],
  ['resource: source', added((model, { any }) => `version: 2\nsources:\n  - name: zz_raw\n    ${any(['schema: raw', 'database: "{{ target.database }}"', 'tags: [t]', 'loader: x'])}\n    tables:\n      - name: one\n        ${any(['identifier: uno', 'freshness: {warn_after: {count: 1, period: day}}', 'columns: [{name: id, data_tests: [not_null]}]', `description: of ${model}`])}\n      - name: two\n`)],
  ['resource: exposure', added((model, { any }) => `version: 2\nexposures:\n  - name: zz_board\n    type: ${any(['dashboard', 'notebook'])}\n    owner: {name: A, email: a@b.c}\n    depends_on: [ref('${model}')]\n    ${any(['tags: [t]', 'config: {enabled: true}', 'meta: {k: 1}', 'maturity: high'])}\n`)],
  ['resource: group', (tools) => { const files = sqlOf(tools).filter((file) => file.startsWith('models/')); if (files.length === 0) return null; const file = tools.any(files); return [{ path: 'models/zz_more.yml', text: `groups:\n  - name: zz_team\n    owner: {name: A}\n    ${tools.any(['description: d', 'config: {meta: {k: v}}'])}\n` }, { path: file, text: `{{ config(group='zz_team'${tools.any(['', ", access='private'"])}) }}\n${tools.read(file)}` }] }],
  ['resource: contract', added((model, { any }) => `version: 2\nmodels:\n  - name: ${model}\n    ${any(['config: {contract: {enforced: true}}', 'config: {contract: {enforced: true, alias_types: false}}', 'constraints: [{type: primary_key, columns: [id]}]', 'config: {persist_docs: {relation: true, columns: true}}'])}\n    columns:\n      - {name: id, data_type: ${any(['int', 'varchar(10)', 'numeric(10,2)'])}, ${any(['constraints: [{type: not_null}]', 'description: d', "constraints: [{type: check, expression: 'id > 0'}]"])}}\n`)],
  ['resource: unit test', added((model, { any, read, files }) => { const text = files.filter((file) => file.endsWith(`/${model}.sql`)).map(read).join(''); const input = /(ref|source)\([^)]*\)/.exec(text)?.[0] ?? "ref('none')"; return `unit_tests:\n  - name: zz_unit\n    model: ${model}\n    given: [{input: ${input.includes(',') ? JSON.stringify(input) : input}, ${any(['rows: [{id: 1}]', 'format: sql, rows: select 1 as id', 'format: csv, rows: "id\\n1"'])}}]\n    expect: {rows: [{id: 1}]}\n    ${any(['tags: [u]', 'config: {tags: [u], meta: {k: v}}', 'overrides: {vars: {a: 1}}', 'description: d'])}\n` })],
  ['resource: snapshot', (tools) => { const model = modelOf(tools); return model === null ? null : [tools.any([{ path: 'snapshots/zz_snap.sql', text: `{% snapshot zz_snap %}{{ config(target_schema='s', unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('${model}') }}{% endsnapshot %}` }, { path: 'snapshots/zz_snap.yml', text: `snapshots:\n  - name: zz_snap\n    relation: ref('${model}')\n    config: {schema: s, unique_key: id, strategy: timestamp, updated_at: at}\n` }])] }],
  ['resource: docs', (tools) => { const model = modelOf(tools); return model === null ? null : [{ path: 'models/zz_docs.md', text: `{% docs zz_doc %}of ${model}{% enddocs %}\n{% docs __overview__ %}Another{% enddocs %}` }, { path: 'models/zz_more.yml', text: `models:\n  - name: ${model}\n    description: "{{ doc('zz_doc') }}"\n    config: {persist_docs: {relation: true}}\n` }] }],
  ['resource: docs', rewritten(({ files }) => files.filter((file) => file.endsWith('.md')), (text, { any }) => any([text.replace(/(\{%-?\s*enddocs)/, 'more $1'), text.replace(/\{%-?\s*docs (\w+)/, '{% docs $1_x'), `${text}\noutside`]))],
  ['resource: semantic model', added((model, { any }) => `semantic_models:\n  - name: zz_sem\n    model: ref('${model}')\n    ${any(['description: d', 'label: L', 'config: {meta: {k: v}}'])}\n    defaults: {agg_time_dimension: at}\n    entities: [{name: zz_key, type: primary, expr: id}]\n    dimensions: [{name: at, type: time, type_params: {time_granularity: day}}]\n    measures: [{name: zz_count, agg: count, expr: id}]\nmetrics:\n  - name: zz_metric\n    label: M\n    type: simple\n    type_params: {measure: zz_count}\n`)],
  ['resource: versions', added((model) => `models:\n  - name: ${model}\n    latest_version: 1\n    versions: [{v: 1, defined_in: ${model}}]\n`)],
  ['project: vars', rewritten(() => ['dbt_project.yml'], (text, { any }) => { const line = [...text.matchAll(/^ +['"]?[\w:]+['"]?: .*$/gm)].filter((hit) => hit.index > text.search(/^vars:/m) && text.search(/^vars:/m) >= 0); return line.length === 0 ? `${text}\nvars:\n  zz: 1\n` : text.replace(any(line)[0], (all) => all.replace(/: .*/, any([': changed', ': 7', ': true']))) })],
  ['project: under models', rewritten(() => ['dbt_project.yml'], under(/^(models|seeds|snapshots|data_tests|tests|sources):\s*$/, PROJECT))],
  ['project: under a folder', rewritten(() => ['dbt_project.yml'], under(/^ {2,6}[a-z_]+:\s*$/, PROJECT))],
  ['project: section', ({ any }) => [{ path: 'dbt_project.yml', append: any(['\nquery-comment: x\n', '\non-run-start: ["select 1"]\n', '\nexposures:\n  +tags: odd\n', '\ndata_tests:\n  +severity: warn\n', '\nsources:\n  +enabled: true\n', '\nunit-tests:\n  +tags: [u]\n', '\nanalyses:\n  +tags: [a]\n', '\ntests:\n  +store_failures: true\n', '\nsnapshots:\n  +target_schema: s\n', '\nseeds:\n  +quote_columns: true\n  +column_types: {a: text}\n']) }]],
  ['project: value', rewritten(() => ['dbt_project.yml'], replaced(/^( +\+?(materialized|schema|enabled|tags)): .*$/, ['$1: table', '$1: other', '$1: "{{ target.name }}"']))],
]

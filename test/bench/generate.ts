// Projects of any size, as like real ones as a loop can make them: layers of models that read each other, macros, YAML with tests, sources.
// Deterministic: the same size gives the same files. Knows nothing of the server.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const PER_FOLDER = 50
const BODY_LINES = 40

/** Writes a project of `count` models into the empty directory `root`. */
export function generateProject(root: string, count: number): void {
  const write = (file: string, text: string): void => {
    const place = path.join(root, file)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
  write('dbt_project.yml', 'name: bench\nversion: 1.0.0\nprofile: bench\nmodels:\n  bench:\n    +tags: all\n    +post-hook: "{{ note(this) }}"\nvars:\n  since: 2020\n')
  write('profiles.yml', "bench:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: 'dev.duckdb', schema: dev}\n")
  write('macros/note.sql', '{% macro note(relation) %}{% if execute %}comment on {{ relation }}{% endif %}{% endmacro %}\n{% macro cents(column) %}({{ column }} / 100.0){% endmacro %}\n{% macro previous(name) %}{{ return(ref(name)) }}{% endmacro %}\n')
  for (let start = 0; start < count; start += PER_FOLDER) writeFolder(write, start, Math.min(count, start + PER_FOLDER))
}

function writeFolder(write: (file: string, text: string) => void, start: number, end: number): void {
  const folder = `models/area_${Math.floor(start / PER_FOLDER)}`
  const entries: string[] = []
  for (let index = start; index < end; index++) {
    write(`${folder}/model_${index}.sql`, modelText(index))
    entries.push(`  - name: model_${index}\n    description: Number ${index} of the bench\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n      - name: amount\n        description: In euros`)
  }
  write(`${folder}/_area.yml`, `version: 2\nsources:\n  - name: raw_${start}\n    tables: [{name: events}, {name: users}]\nmodels:\n${entries.join('\n')}\n`)
}

function modelText(index: number): string {
  const parents = index === 0 ? [] : [...new Set([index - 1, Math.floor(index / 2), Math.floor(index / 7)])]
  const froms = parents.map((parent, place) => (place === 1 ? `{{ previous('model_${parent}') }}` : `{{ ref('model_${parent}') }}`))
  const body = Array.from({ length: BODY_LINES }, (_, line) => `  , sum(case when kind = ${line} then {{ cents('amount_${line}') }} end) as amount_${line} -- ${'x'.repeat(line % 30)}`)
  return `{{ config(materialized='${index % 3 === 0 ? 'table' : 'view'}') }}\nselect id\n${body.join('\n')}\nfrom {{ source('raw_${index - index % PER_FOLDER}', 'events') }}\n${froms.map((from, place) => `join ${from} as p${place} using (id)`).join('\n')}\nwhere year >= {{ var('since') }}\n`
}

/** A property file of at least `lines` lines with the models that it describes; the last entry is of a model that is not there, so that there is something to complain of. Its path. */
export function writeWide(root: string, lines: number): string {
  const text = ['version: 2', 'models:']
  mkdirSync(path.join(root, 'models', 'wide'), { recursive: true })
  for (let index = 0; text.length < lines; index++) {
    writeFileSync(path.join(root, 'models', 'wide', `wide_${index}.sql`), `select 1 as column_0 from {{ ref('model_${index % 50}') }}\n`)
    text.push(`  - name: wide_${index}`, '    description: One of many', '    columns:')
    for (let column = 0; column < 20; column++) text.push(`      - name: column_${column}`, `        description: "What column ${column} means"`, ...column % 4 === 0 ? ['        data_tests: [not_null]'] : [], '        meta: {owner: bench}')
  }
  text.push('  - name: nowhere', '    description: Of no model')
  const file = path.join(root, 'models', 'wide', 'wide.yml')
  writeFileSync(file, `${text.join('\n')}\n`)
  return file
}

/** A manifest of about `megabytes`, with the fields that dbt writes for a model. */
export function manifestText(megabytes: number): string {
  const nodes: string[] = []
  let size = 0
  for (let index = 0; size < megabytes * 1e6; index++) {
    const node = JSON.stringify({
      database: 'prod', schema: 'core', name: `model_${index}`, resource_type: 'model', package_name: 'bench', path: `model_${index}.sql`, original_file_path: `models/model_${index}.sql`, unique_id: `model.bench.model_${index}`,
      fqn: ['bench', `model_${index}`], alias: `model_${index}`, checksum: { name: 'sha256', checksum: 'a'.repeat(64) }, config: { enabled: true, materialized: 'table', tags: ['all'], meta: {} }, tags: ['all'], description: 'x "quoted" \\ text ',
      columns: Object.fromEntries(Array.from({ length: 15 }, (_, column) => [`column_${column}`, { name: `column_${column}`, description: 'What it means', meta: {}, data_type: 'integer', constraints: [], tags: [] }])),
      relation_name: `"prod"."core"."model_${index}"`, raw_code: modelText(index), compiled_code: modelText(index), refs: [{ name: `model_${index + 1}`, package: null, version: null }], sources: [], depends_on: { macros: [], nodes: [`model.bench.model_${index + 1}`] },
    })
    nodes.push(`"model.bench.model_${index}":${node}`)
    size += node.length
  }
  return `{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json","dbt_version":"1.12.6","generated_at":"2026-01-01T00:00:00Z","project_name":"bench","adapter_type":"duckdb"},"nodes":{${nodes.join(',')}},"sources":{},"macros":{},"docs":{},"exposures":{},"metrics":{},"groups":{},"disabled":{},"parent_map":{},"child_map":{}}`
}

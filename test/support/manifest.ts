// The manifest.json (v12) of a fixture's `//- prod` lines: as much of dbt's as a reader of state needs.

import { createHash } from 'node:crypto'
import type { ProdNode } from './fixture.ts'

export function manifestText(nodes: readonly ProdNode[], options: { readonly project?: string; readonly adapter?: string; readonly dbt?: string; readonly generated_at?: string } = {}): string {
  const project = options.project ?? 'p'
  const all = nodes.map((node) => [`${node.resource_type}.${node.package_name ?? project}.${node.name}${node.version === null ? '' : `.v${node.version}`}`, node] as const)
  const enabled = all.filter(([, node]) => node.enabled)
  return JSON.stringify({
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json', dbt_version: options.dbt ?? '1.12.6',
      generated_at: options.generated_at ?? '2026-01-02T03:04:05.000000Z', adapter_type: options.adapter ?? 'duckdb', project_name: project,
    },
    nodes: Object.fromEntries(enabled.filter(([, node]) => node.resource_type !== 'source' && node.resource_type !== 'function').map(([id, node]) => [id, nodeJson(id, node, project)])),
    sources: {},
    functions: Object.fromEntries(enabled.filter(([, node]) => node.resource_type === 'function').map(([id, node]) => [id, nodeJson(id, node, project)])),
    macros: {}, docs: {}, exposures: {}, metrics: {}, groups: {}, selectors: {},
    disabled: Object.fromEntries(all.filter(([, node]) => !node.enabled).map(([id, node]) => [id, [nodeJson(id, node, project)]])),
    parent_map: {}, child_map: {}, group_map: {}, saved_queries: {}, semantic_models: {}, unit_tests: {},
  })
}

function nodeJson(id: string, node: ProdNode, project: string): object {
  const path = node.path ?? `models/${node.name}.sql`
  const quoted = [node.database, node.schema, node.identifier].filter((part) => part !== null && part !== '').map((part) => `"${part}"`).join('.')
  const code = 'select 1'
  return {
    database: node.database, schema: node.schema, name: node.name, resource_type: node.resource_type, package_name: node.package_name ?? project,
    path: path.split('/').slice(1).join('/'), original_file_path: path, unique_id: id, fqn: [node.package_name ?? project, node.name],
    alias: node.identifier, checksum: { name: 'sha256', checksum: createHash('sha256').update(code).digest('hex') },
    config: { enabled: node.enabled, materialized: node.materialized, tags: [], meta: {}, quoting: {} }, tags: [], description: '',
    columns: Object.fromEntries(node.columns.map((column) => [column.name, { name: column.name, data_type: column.type, description: '', meta: {}, tags: [] }])),
    relation_name: node.materialized === 'ephemeral' ? null : quoted, raw_code: code, language: 'sql', refs: [], sources: [], metrics: [], functions: [],
    depends_on: { macros: [], nodes: [] }, access: 'protected', version: node.version === null ? null : Number.isNaN(Number(node.version)) ? node.version : Number(node.version),
    latest_version: node.latest_version === null ? null : Number.isNaN(Number(node.latest_version)) ? node.latest_version : Number(node.latest_version),
    unrendered_config: {}, patch_path: null,
  }
}

// Which sections and fields of manifest.json are kept. The names are those of dbt's artifact schemas v4 … v12, old names beside new ones.
// Anything not named here is never decoded, and costs neither memory nor time after the scan.

import type { Wants } from './types.ts'

const COMMON = ['unique_id', 'resource_type', 'package_name', 'name', 'original_file_path', 'fqn', 'description', 'config', 'unrendered_config', 'tags', 'group', 'depends_on']

const NODE = [...COMMON, 'alias', 'database', 'schema', 'relation_name', 'language', 'checksum', 'columns', 'contract', 'constraints', 'version', 'latest_version', 'access', 'deprecation_date', 'raw_code', 'raw_sql', 'test_metadata', 'arguments', 'returns', 'overloads']

/** Everything that deferral and the `state:` selectors ask. */
export const WANTS_ALL: Wants = new Map([
  ['nodes', NODE],
  ['functions', NODE],
  ['sources', [...COMMON, 'source_name', 'identifier', 'database', 'schema', 'unrendered_database', 'unrendered_schema', 'relation_name', 'quoting', 'freshness', 'loaded_at_field', 'external']],
  ['macros', ['unique_id', 'package_name', 'name', 'path', 'original_file_path', 'macro_sql', 'depends_on', 'description', 'arguments', 'supported_languages']],
  ['exposures', [...COMMON, 'type', 'owner', 'maturity', 'url', 'label']],
  ['metrics', [...COMMON, 'type', 'label']],
  ['semantic_models', [...COMMON, 'model', 'defaults', 'entities', 'dimensions', 'measures', 'primary_entity']],
  ['saved_queries', [...COMMON, 'query_params', 'label', 'exports']],
  ['unit_tests', [...COMMON, 'model', 'versions', 'given', 'expect', 'overrides', 'checksum', 'version']],
  ['groups', ['unique_id', 'name', 'package_name', 'resource_type']],
  ['disabled', NODE],
])

/** For showing what production compiled: read when asked for, as it is most of a manifest. */
export const WANTS_COMPILED: Wants = new Map([['nodes', ['unique_id', 'compiled_code', 'compiled_sql']]])

/** What deferral alone asks: about a thirtieth of a manifest. */
export const WANTS_DEFER: Wants = new Map([
  ['nodes', ['unique_id', 'resource_type', 'package_name', 'name', 'original_file_path', 'config', 'alias', 'database', 'schema', 'relation_name', 'version', 'latest_version']],
  ['functions', ['unique_id', 'resource_type', 'package_name', 'name', 'original_file_path', 'config', 'alias', 'database', 'schema', 'relation_name']],
])

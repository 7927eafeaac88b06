// The credentials classes of the adapters, as data: what Jinja's `target` shows of a profile's output and what stands there when nothing is given.
// Passwords, tokens and keys are in no list, as in dbt; they never get into this program's values.

import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Credentials } from './types.ts'

/** Lists and dicts among them are mutable values of templates: whoever shows them copies them first. */
function shown(...items: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value> { return new Map(items) }

export const CREDENTIALS = {
  duckdb: {
    shown: shown(
      ['database', 'main'], ['schema', 'main'], ['path', ':memory:'], ['config_options', null], ['extensions', null],
      ['settings', new PyDict()], ['external_root', '.'], ['use_credential_provider', null], ['attach', null], ['filesystems', null],
      ['remote', null], ['plugins', null], ['disable_transactions', false],
    ),
    required: [], defaultDatabase: 'main', defaultSchema: 'main',
  },
  postgres: {
    shown: shown(
      ['host', null], ['port', null], ['user', null], ['database', null], ['schema', null], ['connect_timeout', 10n], ['role', null],
      ['search_path', null], ['keepalives_idle', 0n], ['sslmode', null], ['sslcert', null], ['sslkey', null], ['sslrootcert', null],
      ['application_name', 'dbt'], ['autocommit', false], ['retries', 1n], ['dbname', null],
    ),
    required: ['database', 'schema', 'host', 'user', 'port', 'password'], defaultDatabase: null, defaultSchema: null,
  },
  redshift: {
    shown: shown(
      ['host', null], ['user', null], ['port', null], ['database', null], ['method', 'database'], ['cluster_id', null],
      ['iam_profile', null], ['schema', null], ['sslmode', 'prefer'], ['region', null], ['autocreate', false],
      ['db_groups', new PyList([])], ['ra3_node', false], ['datasharing', false], ['connect_timeout', null], ['role', null],
      ['retries', 1n], ['retry_all', false], ['autocommit', true], ['access_key_id', null], ['is_serverless', null],
      ['serverless_work_group', null], ['serverless_acct_id', null], ['tcp_keepalive', true], ['tcp_keepalive_idle', null],
      ['tcp_keepalive_interval', null], ['tcp_keepalive_count', null], ['query_group', null], ['allow_concurrent_drops', false],
      ['drop_without_cascade', false], ['dbname', null],
    ),
    required: ['database', 'schema', 'host', 'port'], defaultDatabase: null, defaultSchema: null,
  },
  snowflake: {
    shown: shown(
      ['account', null], ['user', null], ['database', null], ['warehouse', null], ['role', null], ['schema', null],
      ['authenticator', null], ['oauth_client_id', null], ['query_tag', null], ['client_session_keep_alive', false], ['host', null],
      ['port', null], ['proxy_host', null], ['proxy_port', null], ['protocol', null], ['connect_retries', 1n], ['connect_timeout', null],
      ['retry_on_database_errors', false], ['retry_all', false], ['insecure_mode', false], ['reuse_connections', null],
      ['s3_stage_vpce_dns_name', null], ['workload_identity_provider', null], ['workload_identity_entra_resource', null],
      ['platform_detection_timeout_seconds', 0.0],
    ),
    required: ['database', 'schema', 'account'], defaultDatabase: null, defaultSchema: null,
  },
  bigquery: {
    shown: shown(
      ['method', null], ['database', null], ['execution_project', null], ['schema', null], ['location', null], ['priority', null],
      ['maximum_bytes_billed', null], ['reservation', null], ['impersonate_service_account', null], ['job_retry_deadline_seconds', null],
      ['job_retries', 1n], ['job_creation_timeout_seconds', null], ['job_execution_timeout_seconds', null],
      ['job_link_info_level_log', false], ['timeout_seconds', null], ['client_id', null], ['token_uri', null], ['compute_region', null],
      ['dataproc_cluster_name', null], ['gcs_bucket', null], ['dataproc_batch', null], ['project', null], ['dataset', null],
      ['retries', 1n], ['dataproc_region', null],
    ),
    required: [], defaultDatabase: null, defaultSchema: null,
  },
  databricks: {
    shown: shown(
      ['host', null], ['http_path', null], ['database', 'hive_metastore'], ['schema', null], ['catalog', 'hive_metastore'],
    ),
    required: [], defaultDatabase: 'hive_metastore', defaultSchema: null,
  },
  spark: {
    shown: shown(
      ['host', null], ['port', 443n], ['cluster', null], ['endpoint', null], ['schema', null], ['organization', '0'],
    ),
    required: [], defaultDatabase: null, defaultSchema: null,
  },
  trino: {
    shown: shown(
      ['host', null], ['port', null], ['user', null], ['database', null], ['schema', null], ['cert', null],
      ['prepared_statements_enabled', true], ['starburst_url', null], ['starburst_metadata_failure_strategy', 'continue_on_error'],
      ['starburst_max_column_batch_size', 100n], ['catalog', null],
    ),
    required: ['database', 'schema', 'host', 'port'], defaultDatabase: null, defaultSchema: null,
  },
  clickhouse: {
    shown: shown(
      ['driver', null], ['host', 'localhost'], ['port', null], ['user', 'default'], ['schema', 'default'], ['retries', 1n],
      ['cluster', null], ['database_engine', null], ['cluster_mode', false], ['secure', false], ['verify', true], ['client_cert', null],
      ['client_cert_key', null], ['connect_timeout', 10n], ['send_receive_timeout', 300n], ['sync_request_timeout', 5n],
      ['compress_block_size', 1048576n], ['compression', ''], ['check_exchange', true], ['custom_settings', null],
      ['use_lw_deletes', false], ['allow_automatic_deduplication', false], ['tcp_keepalive', false], ['reuse_connections', true],
      ['server_host_name', null],
    ),
    required: [], defaultDatabase: '', defaultSchema: 'default',
  },
  athena: {
    shown: shown(
      ['assume_role_arn', null], ['assume_role_duration_seconds', 3600n], ['assume_role_external_id', null],
      ['assume_role_session_name', 'dbt-athena'], ['aws_access_key_id', null], ['aws_profile_name', null], ['connection_manager', 'api'],
      ['database', null], ['debug_query_state', false], ['endpoint_url', null], ['lf_tags_database', null], ['num_boto3_retries', null],
      ['num_iceberg_retries', 3n], ['num_retries', 5n], ['poll_interval', 1.0], ['region_name', null], ['s3_data_dir', null],
      ['s3_data_naming', 'schema_table_unique'], ['s3_staging_dir', null], ['s3_tmp_table_dir', null], ['schema', null],
      ['seed_s3_upload_args', null], ['skip_workgroup_check', false], ['spark_work_group', null], ['work_group', null],
      ['catalog', null],
    ),
    required: ['database', 'schema', 'region_name'], defaultDatabase: null, defaultSchema: null,
  },
  sqlserver: {
    shown: shown(
      ['driver', null], ['server', null], ['port', 1433n], ['database', null], ['schema', null], ['UID', null],
      ['authentication', 'sql'], ['windows_login', false], ['retries', 3n], ['login_timeout', 0n], ['query_timeout', 0n],
      ['trace_flag', false], ['encrypt', true], ['trust_cert', false], ['backend', 'pyodbc'], ['xact_abort', true], ['user', null],
      ['username', null], ['trusted_connection', false], ['auth', 'sql'], ['TrustServerCertificate', false], ['SQL_ATTR_TRACE', false],
    ),
    required: [], defaultDatabase: null, defaultSchema: null,
  },
  fabric: {
    shown: shown(
      ['database', null], ['schema', null], ['tenant_id', null], ['client_id', null], ['credential_class', null], ['token_scope', null],
      ['authentication', 'ActiveDirectoryDefault'], ['retries', 3n], ['workspace_id', null], ['workspace_name', null],
      ['query_timeout', 86400n], ['fabric_base_api_uri', 'https://api.fabric.microsoft.com/v1'],
      ['powerbi_base_api_uri', 'https://api.powerbi.com/v1.0'], ['purview_endpoint', null], ['federated_token_url', null],
      ['federated_token_file', null], ['UID', null], ['windows_login', false], ['trace_flag', false], ['encrypt', true],
      ['trust_cert', false], ['schema_authorization', null], ['login_timeout', 0n], ['lock_timeout', 30000n],
      ['trusted_connection', false], ['auth', 'ActiveDirectoryDefault'], ['app_id', null], ['workspace', null], ['purview', null],
      ['user', null], ['username', null], ['TrustServerCertificate', false], ['schema_auth', null], ['SQL_ATTR_TRACE', false],
    ),
    required: ['database', 'schema'], defaultDatabase: null, defaultSchema: null,
  },
} satisfies Record<string, Credentials>

// Small versions of those of dbt's own macros that decide names and the graph, written from dbt's documentation in our own words.
// They serve only where nobody could read dbt's real ones; whatever else a template asks of dbt's macros is then unknown, never guessed.

import type { InternalMacro } from './types.ts'

const TEXT = `
{% macro generate_database_name(custom_database_name=none, node=none) %}{{ return(adapter.dispatch('generate_database_name', 'dbt')(custom_database_name, node)) }}{% endmacro %}
{% macro default__generate_database_name(custom_database_name=none, node=none) %}{{ return(target.database if custom_database_name is none else custom_database_name ~ '') }}{% endmacro %}
{% macro generate_schema_name(custom_schema_name=none, node=none) %}{{ return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) }}{% endmacro %}
{% macro default__generate_schema_name(custom_schema_name, node) %}{{ return(target.schema ~ '' if custom_schema_name is none else target.schema ~ '_' ~ (custom_schema_name | trim)) }}{% endmacro %}
{% macro generate_schema_name_for_env(custom_schema_name, node) %}{{ return((custom_schema_name | trim) if target.name == 'prod' and custom_schema_name is not none else target.schema ~ '') }}{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ return(adapter.dispatch('generate_alias_name', 'dbt')(custom_alias_name, node)) }}{% endmacro %}
{% macro default__generate_alias_name(custom_alias_name=none, node=none) %}{% if custom_alias_name %}{{ return(custom_alias_name | trim) }}{% endif %}{{ return(node.name ~ '_v' ~ (node.version | replace('.', '_')) if node.version else node.name ~ '') }}{% endmacro %}
{% macro generate_latest_version_pointer_alias(custom_alias_name=none, node=none) %}{{ return(adapter.dispatch('generate_latest_version_pointer_alias', 'dbt')(custom_alias_name, node)) }}{% endmacro %}
{% macro default__generate_latest_version_pointer_alias(custom_alias_name=none, node=none) %}{{ return((custom_alias_name | trim) if custom_alias_name else node.name ~ '') }}{% endmacro %}
{% macro is_incremental() %}{% if not execute %}{{ return(false) }}{% endif %}{% set existing = adapter.get_relation(this.database, this.schema, this.table) %}{{ return(existing is not none and existing.type == 'table' and model.config.materialized == 'incremental' and not should_full_refresh()) }}{% endmacro %}
{% macro should_full_refresh() %}{% set chosen = config.get('full_refresh') %}{{ return(flags.FULL_REFRESH if chosen is none else chosen) }}{% endmacro %}
{% macro should_store_failures() %}{% set chosen = config.get('store_failures') %}{{ return(flags.STORE_FAILURES if chosen is none else chosen) }}{% endmacro %}
{% macro set_sql_header(config) %}{{ config.set('sql_header', caller()) }}{% endmacro %}
{% macro get_where_subquery(relation) %}{{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}{% endmacro %}
{% macro default__get_where_subquery(relation) %}{% set condition = config.get('where', '') %}{{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ') dbt_subquery' if condition else relation) }}{% endmacro %}
{% macro statement(name=none, fetch_result=false, auto_begin=true, language='sql') %}{% if execute %}{% set text = caller() %}{% set response, rows = adapter.execute(text, auto_begin=auto_begin, fetch=fetch_result) %}{% if name is not none %}{{ store_result(name, response=response, agate_table=rows) }}{% endif %}{% endif %}{% endmacro %}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) %}{% set text = caller() %}{% if name is not none %}{{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}{% endif %}{% endmacro %}
{% macro run_query(sql) %}{% call statement('run_query_statement', fetch_result=true, auto_begin=false) %}{{ sql }}{% endcall %}{{ return(load_result('run_query_statement').table) }}{% endmacro %}
{% test unique(model, column_name) %}{% if execute %}{{ dbt.default__test_unique(model, column_name) }}{% endif %}{% endtest %}
{% test not_null(model, column_name) %}{% if execute %}{{ dbt.default__test_not_null(model, column_name) }}{% endif %}{% endtest %}
{% test accepted_values(model, column_name, values, quote=true) %}{% if execute %}{{ dbt.default__test_accepted_values(model, column_name, values, quote) }}{% endif %}{% endtest %}
{% test relationships(model, column_name, to, field) %}{% if execute %}{{ dbt.default__test_relationships(model, column_name, to, field) }}{% endif %}{% endtest %}
`

/** The small versions, as records of package `dbt`. */
export function builtinMacros(): InternalMacro[] {
  return TEXT.trim().split('\n').map(macro_sql => {
    const [, kind, name] = /^\{% (macro|test) (\w+)/.exec(macro_sql) ?? []
    return { package_name: 'dbt', name: kind === 'test' ? `test_${name}` : name ?? '', macro_sql, original_file_path: 'builtin' }
  })
}

/**
 * Names of dbt's own macros that a template may call without a prefix (dbt documentation: cross-database macros, `adapter`-free helpers).
 * Without dbt's real macros these are unknown instead of undefined; a name that is not here is undefined, as in dbt.
 */
export const DBT_MACRO_NAMES: ReadonlySet<string> = new Set(`
any_value array_append array_concat array_construct bool_or cast cast_bool_to_text concat date date_spine date_trunc dateadd datediff equals
escape_single_quotes except generate_series get_intervals_between get_powers_of_two hash intersect last_day length listagg string_literal position replace right
safe_cast split_part type_string type_timestamp type_float type_numeric type_bigint type_int type_boolean current_timestamp current_timestamp_backcompat
current_timestamp_in_utc_backcompat snapshot_get_time convert_datetime dates_in_range partition_range py_current_timestring
get_columns_in_relation get_columns_in_query get_column_schema_from_query get_empty_subquery_sql get_empty_schema_sql get_list_of_column_names load_relation load_cached_relation
get_relation_last_modified get_relations list_relations_without_caching information_schema_name list_schemas check_schema_exists get_catalog collect_freshness
create_schema drop_schema drop_relation drop_relation_if_exists truncate_relation rename_relation make_temp_relation make_intermediate_relation make_backup_relation get_or_create_relation
create_table_as get_create_table_as_sql create_view_as get_create_view_as_sql create_csv_table load_csv_rows get_batch_size get_binding_char get_csv_sql
get_merge_sql get_delete_insert_merge_sql get_insert_overwrite_merge_sql get_incremental_append_sql get_incremental_delete_insert_sql get_incremental_merge_sql
get_incremental_insert_overwrite_sql get_incremental_default_sql get_incremental_microbatch_sql get_insert_into_sql get_quoted_csv diff_columns diff_column_data_types
incremental_validate_on_schema_change check_for_schema_changes sync_column_schemas process_schema_changes alter_column_type alter_relation_add_remove_columns alter_column_comment
persist_docs apply_grants get_show_grant_sql get_grant_sql get_revoke_sql should_revoke copy_grants support_multiple_grantees_per_dcl_statement call_dcl_statements
run_hooks make_hook_config before_begin in_transaction after_commit create_indexes get_create_index_sql snapshot_merge_sql snapshot_hash_arguments strategy_dispatch
snapshot_timestamp_strategy snapshot_check_strategy build_snapshot_table snapshot_staging_table create_columns post_snapshot validate_sql get_test_sql get_unit_test_sql
py_script_postfix py_script_comment build_ref_function build_source_function build_config_dict build_if_incremental table_columns_and_constraints get_table_columns_and_constraints
get_assert_columns_equivalent get_column_names assert_columns_equivalent format_columns format_column get_limit_sql get_limit_subquery_sql get_show_sql
unique_key_join_on get_fixture_sql get_expected_sql safe_cast_value format_row can_clone_table create_or_replace_clone handle_existing_table
`.trim().split(/\s+/))

/** One of those names, or a version of one for an adapter (`default__concat`). */
export function isDbtsName(name: string): boolean {
  const prefix = name.indexOf('__')
  return DBT_MACRO_NAMES.has(name) || (prefix > 0 && DBT_MACRO_NAMES.has(name.slice(prefix + 2)))
}

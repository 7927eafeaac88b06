// What Jinja sees in configuration files: dbt/context/base.py (var, env_var and builtins), target.py and secret.py.
// Values of secret variables never get in: their place is taken by stars.

import type { Value } from '../../jinja/value.ts'

export interface ConfigContext {
  /** Command line over vars.yml; for packages nothing. */
  readonly vars: ReadonlyMap<string, Value>
  readonly env: ReadonlyMap<string, string>
  /** profiles.yml and packages.yml may use DBT_ENV_SECRET_*. */
  readonly secrets: boolean
  readonly target: ReadonlyMap<string, Value> | null
}

export interface ConfigResult {
  readonly value: Value
  readonly problem: { readonly code: string; readonly message: string } | null
}

/** dbt's get_rendered: text without any Jinja mark is itself. */
export function evaluateConfigText(text: string, context: ConfigContext, path: string): ConfigResult {
  if (!/\{\{|\{%|\{#|#\}|%\}|\}\}/.test(text)) return { value: text, problem: null }
  void context
  return { value: null, problem: { code: 'unknown', message: `Could not render ${text} (${path})` } }
}

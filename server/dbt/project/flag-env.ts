// Names of environment variables that dbt knows, and what to say of those it doesn't: unknown DBT_ENGINE_… and DBT_… names one letter off.

import { distance } from 'fastest-levenshtein'
import type { Place } from '../../text/span.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'

/** cli/params.py KNOWN_ENV_VARS and env_vars.py of 1.12.6, without DBT_ or DBT_ENGINE_. */
const KNOWN = `CACHE_SELECTED_ONLY CLEAN_PROJECT_FILES_ONLY DEBUG DEFER DEFER_STATE DEFER_TO_STATE FAVOR_STATE_MODE INCLUDE_SAVED_QUERY NO_PRINT ARTIFACT_STATE_PATH EMPTY
EVENT_TIME_END EVENT_TIME_START EXCLUDE_RESOURCE_TYPES EXPORT_SAVED_QUERIES FAIL_FAST FAVOR_STATE FULL_REFRESH HINTS_ENABLED HOST INDIRECT_SELECTION INTROSPECT LOG_CACHE_EVENTS LOG_FORMAT
LOG_FORMAT_FILE LOG_LEVEL LOG_LEVEL_FILE LOG_FILE_MAX_BYTES LOG_PATH MACRO_DEBUGGING SQLPARSE MAXIMUM_SEED_SIZE_MIB PARTIAL_PARSE PARTIAL_PARSE_FILE_DIFF PARTIAL_PARSE_FILE_PATH PRINT
POPULATE_CACHE PRINTER_WIDTH PROFILE PROFILES_DIR PROJECT_DIR QUIET RESOURCE_TYPES SAMPLE SEND_ANONYMOUS_USAGE_STATS SHOW_RESOURCE_REPORT SINGLE_THREADED SNOWFLAKE_PROJECTS_OTEL STATE
STATIC_PARSER STORE_FAILURES TARGET TARGET_PATH UPLOAD_TO_ARTIFACTS_INGEST_API USE_COLORS USE_COLORS_FILE USE_EXPERIMENTAL_PARSER USE_FAST_TEST_EDGES USE_V2_PARSER V2_PARSER VERSION_CHECK
WARN_ERROR WARN_ERROR_OPTIONS WRITE_JSON INVOCATION_ENV RECORDED_FILE_PATH TEST_STATE_MODIFIED PACKAGE_HUB_URL DOWNLOAD_DIR PP_FILE_DIFF_TEST PP_TEST`.split(/\s+/)

const names = new Set(KNOWN)
const DEPRECATED = [['DBT_DEFER_TO_STATE', 'DBT_DEFER'], ['DBT_FAVOR_STATE_MODE', 'DBT_FAVOR_STATE'], ['DBT_ARTIFACT_STATE_PATH', 'DBT_STATE']] as const
const DEFERRING: ReadonlySet<string> = new Set(['DBT_ENGINE_DEFER', 'DBT_ENGINE_STATE', 'DBT_ENGINE_DEFER_STATE', 'DBT_ENGINE_FAVOR_STATE'])

/** Never an error for a name that dbt 1 passes over: projects use DBT_… names of their own. */
export function environmentProblems(env: ReadonlyMap<string, string>, rules: Pick<Rules, 'unknownEngineEnv' | 'readsEngineEnv' | 'deprecatedEnvBeatsAll' | 'name'>, place: Place): Problem[] {
  const problems: Problem[] = []
  for (const [name, meant] of DEPRECATED) {
    if ((env.get(name) ?? '') === '') continue
    const effect = rules.deprecatedEnvBeatsAll ? `dbt ${rules.name} lets it beat the command line and ${meant}` : `dbt ${rules.name} reads it only where neither the command line nor ${meant} says otherwise`
    problems.push({ code: 'flag-deprecated', severity: 'warning', place, message: `The environment variable ${name} is deprecated: ${effect}`, data: { name, suggestion: meant } })
  }
  if (!rules.readsEngineEnv) {
    for (const name of env.keys()) {
      const plain = name.replace('DBT_ENGINE_', 'DBT_')
      if (DEFERRING.has(name)) problems.push({ code: 'flag-unknown', severity: 'warning', place, message: `dbt ${rules.name} does not read ${name}; it reads ${plain}`, data: { name, suggestion: plain } })
    }
  }
  for (const name of [...env.keys()].toSorted()) {
    if (name.startsWith('DBT_ENGINE_')) {
      if (names.has(name.slice('DBT_ENGINE_'.length)) || DEFERRING.has(name) || rules.unknownEngineEnv === 'ignored') continue
      const near = nearest(name.slice('DBT_ENGINE_'.length))
      problems.push({ code: 'flag-unknown', severity: rules.unknownEngineEnv, place, message: reserved(name, rules), data: { name, suggestion: near === null ? null : `DBT_ENGINE_${near}` } })
    } else if (name.startsWith('DBT_') && !names.has(name.slice(4)) && !/^DBT_(ENV_|CLOUD_)/.test(name)) {
      const near = nearest(name.slice(4))
      if (near !== null) problems.push({ code: 'flag-unknown', severity: 'information', place, message: `The environment variable '${name}' is not one of dbt's. Did you mean DBT_${near}?`, data: { name, suggestion: `DBT_${near}` } })
    }
  }
  return problems
}

/** dbt 1.10–1.12's and dbt 2's own words. */
function reserved(name: string, rules: Pick<Rules, 'unknownEngineEnv'>): string {
  return rules.unknownEngineEnv === 'error'
    ? `The \`DBT_ENGINE_\` prefix is reserved for the dbt engine. The following environment variable(s) use this reserved prefix: ${name}. Please rename them to avoid conflicts.`
    : `Found custom environment variable \`${name}\` in the environment. The prefix \`DBT_ENGINE\` is reserved for dbt engine environment variables. Custom environment variables with the prefix \`DBT_ENGINE\` may cause collisions and runtime errors.`
}

/** Up to two letters off, and not a name that is short enough to be anything. */
function nearest(name: string): string | null {
  const near = KNOWN.map((known) => ({ known, letters: distance(name, known) })).toSorted((a, b) => a.letters - b.letters)[0]
  return near && name.length >= 5 && near.letters > 0 && near.letters <= Math.min(2, Math.floor(name.length / 4)) ? near.known : null
}

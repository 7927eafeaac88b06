// Which dbt's rules a project follows: a setting, the installed dbt, require-dbt-version, the state's metadata, else 1.12.
// Reads versions as text; finding them is the caller's.

import type { Rules, RuleSetName } from './rules.ts'
import { RULE_SETS } from './sets.ts'
import { parseSpecifier, parseVersion, satisfies } from './semver.ts'

export interface VersionFacts {
  /** The `--rules` option or setting: `auto`, a rule set's name or any version. */
  readonly setting: string
  readonly installedVersion: string | null
  readonly requireDbtVersion: readonly string[]
  /** `metadata.dbt_version` of the state. */
  readonly stateVersion: string | null
}

/** What serves when nothing says otherwise. */
const DEFAULT: RuleSetName = '1.12'

export function chooseRules(facts: VersionFacts): Rules {
  const setting = facts.setting === 'auto' ? null : ruleSetOf(facts.setting)
  if (setting) return rules(setting, 'setting', facts.installedVersion)
  const installed = facts.installedVersion === null ? null : ruleSetOf(facts.installedVersion)
  if (installed) return rules(installed, 'installed dbt', facts.installedVersion)
  const required = newestAllowed(facts.requireDbtVersion)
  if (required) return rules(required, 'require-dbt-version', null)
  const state = facts.stateVersion === null ? null : ruleSetOf(facts.stateVersion)
  if (state) return rules(state, 'state metadata', null)
  return rules(DEFAULT, 'default', null)
}

/** The rule set of a version: everything up to 1.7 is 1.7, later 1.x are 1.12, later majors are 2. Null for no version. */
export function ruleSetOf(version: string): RuleSetName | null {
  if (/^\d+$/.test(version.trim())) return Number(version) >= 2 ? '2' : '1.12'
  const parsed = parseVersion(version)
  if (!parsed) return null
  if (parsed.major >= 2) return '2'
  if (parsed.major === 0 || parsed.minor <= 7) return '1.7'
  const name = `1.${Math.min(parsed.minor, 12)}`
  return isRuleSetName(name) ? name : null
}

function rules(name: RuleSetName, chosenBy: string, installed: string | null): Rules {
  const set = RULE_SETS.get(name)
  if (!set) throw new Error(`no rule set ${name}`)
  return { ...set, chosenBy, dbtVersion: installed !== null && ruleSetOf(installed) === name ? installed : set.dbtVersion }
}

/**
 * The newest 1.x that the ranges allow, 2 only when no 1.x is allowed. Null when nothing is said: `>=1.0.0` alone tells a project's
 * age, not its dbt, and with no upper bound the default is as good.
 */
function newestAllowed(texts: readonly string[]): RuleSetName | null {
  const specifiers = texts.flatMap((text) => parseSpecifier(text.trim()) ?? [])
  if (specifiers.length === 0) return null
  const allowed = (name: RuleSetName): boolean => [0, 5, 99].some((patch) => {
    const [major, minor] = name === '2' ? [2, 0] : name.split('.').map(Number)
    return satisfies({ major: major ?? 1, minor: minor ?? 0, patch, prerelease: null }, specifiers)
  }) || specifiers.some((specifier) => specifier.matcher === '=' && ruleSetOf(specifier.text.replace(/^=/, '')) === name && satisfies(specifier, specifiers))
  const ones: RuleSetName[] = ['1.12', '1.11', '1.10', '1.9', '1.8', '1.7']
  const found = ones.find(allowed) ?? (allowed('2') ? '2' : null)
  if (found) return found
  const bounds = specifiers.filter((specifier) => specifier.matcher.startsWith('<'))
  return bounds.some((specifier) => specifier.major <= 1) ? '1.7' : null
}

function isRuleSetName(name: string): name is RuleSetName {
  return RULE_SETS.has(name as RuleSetName)
}

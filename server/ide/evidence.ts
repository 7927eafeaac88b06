// In words: what a compiled text took from results that the user has, where dbt asks the warehouse. Says where from and how old; decides nothing.

import type { Evidence } from '../dbt/compile/types.ts'
import { ageText } from './describe.ts'

const SOURCES: Readonly<Record<Evidence['evidence'], string>> = {
  warehouse: 'the database file', listing: 'the listing', 'run-results': 'the last run', catalog: 'the catalog', assumption: 'an assumption (--exists)', none: 'nothing',
}

/** For hints: `← the catalog, 3 days old`; `← dbt's last run`. */
export function evidenceLabel(evidence: readonly Evidence[], now: string): string {
  return `← ${[...new Set(evidence.map((each) => (each.evidence === 'run-results' && each.file !== null ? 'dbt\'s last run' : SOURCES[each.evidence]) + aged(each, now)))].join('; ')}`
}

/** `adapter.get_relation(…): answered from the catalog /p/target/catalog.json, 3 days old`. `now`: ISO. */
export function evidenceText(each: Evidence, now: string): string {
  return `${each.call}: answered from ${SOURCES[each.evidence]}${each.file === null ? '' : ` ${each.file}`}${aged(each, now)}`
}

/** As Markdown, a line each, no answer twice. */
export function evidenceLines(evidence: readonly Evidence[], now: string): string {
  return [...new Set(evidence.map((each) => `- ${evidenceText({ ...each, call: `\`${each.call.replaceAll('`', "'")}\`` }, now)}`))].slice(0, MOST_LINES).join('\n')
}

const MOST_LINES = 12

function aged({ as_of }: Evidence, now: string): string {
  const age = as_of === null ? null : ageText(as_of, now)
  return age === null ? '' : `, ${age} old`
}

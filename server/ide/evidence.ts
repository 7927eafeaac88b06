// In words: what a compiled text took from results that the user has, where dbt asks the warehouse. Says where from and how old; decides nothing.

import type { Evidence } from '../dbt/compile/types.ts'
import { ageText } from './describe.ts'

const SOURCES: Readonly<Record<Evidence['evidence'], string>> = {
  warehouse: 'the database file', listing: 'the listing', 'run-results': 'the last run', catalog: 'the catalog', assumption: 'an assumption (--exists)', none: 'nothing',
}

/** `adapter.get_relation(…): answered from the catalog /p/target/catalog.json, 3 days old`. `now`: ISO. */
export function evidenceText({ call, evidence, as_of, file }: Evidence, now: string): string {
  const age = as_of === null ? null : ageText(as_of, now)
  return `${call}: answered from ${SOURCES[evidence]}${file === null ? '' : ` ${file}`}${age === null ? '' : `, ${age} old`}`
}

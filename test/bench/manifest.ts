// Reading a state's manifest against JSON.parse of the same text.

import { scanBytes } from '../../server/dbt/state/scan.ts'
import { WANTS_DEFER } from '../../server/dbt/state/wants.ts'
import { manifestText } from './generate.ts'
import { timed } from './project.ts'
import { milliseconds, type Row } from './table.ts'

export function measureManifest(megabytes: number): Row {
  const bytes = Buffer.from(manifestText(megabytes))
  const rounds = megabytes > 50 ? 1 : 3
  const best = (work: () => unknown): number => Math.min(...Array.from({ length: rounds }, () => timed(work).took))
  const ours = best(() => scanBytes(bytes, WANTS_DEFER))
  const theirs = best(() => JSON.parse(bytes.toString('utf8')) as unknown)
  return { what: `manifest of ${megabytes} MB`, ours: milliseconds(ours), against: `JSON.parse: ${milliseconds(theirs)}`, ratio: ours / theirs, goal: 0.8 }
}

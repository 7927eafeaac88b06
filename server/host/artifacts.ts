// Reads the small artifacts of a target or state directory from disk: run_results.json, sources.json, catalog.json, and `--exists FILE`.
// A file that is not there or broken gives null; what the texts mean is dbt/state/artifacts.ts's business.

import path from 'node:path'
import type { Adapter } from '../dbt/adapters/types.ts'
import { parseListingFile, type ListingFile } from '../dbt/defer/listing-file.ts'
import { parseCatalog, parseFreshness, parseRunResults, type Catalog, type RunResults } from '../dbt/state/artifacts.ts'
import type { Freshness } from '../dbt/state/evidence.ts'
import { readText, statsOf } from './disk.ts'

export interface Artifacts {
  readonly runResults: RunResults | null
  readonly freshness: ReadonlyMap<string, Freshness> | null
  readonly catalog: Catalog | null
}

export function readArtifacts(directory: string): Artifacts {
  const text = (name: string): string | null => readText(path.join(directory, name))?.text ?? null
  const [results, sources, catalog] = [text('run_results.json'), text('sources.json'), text('catalog.json')]
  return {
    runResults: results === null ? null : parseRunResults(results),
    freshness: sources === null ? null : parseFreshness(sources),
    catalog: catalog === null ? null : parseCatalog(catalog),
  }
}

/** `--exists FILE`. */
export function readListingFile(file: string, adapter: Adapter): ListingFile {
  const read = readText(file)
  if (read === null) return { ok: false, message: `cannot read ${file}` }
  const parsed = parseListingFile(read.text, { file, as_of: statsOf(file)?.mtime.toISOString() ?? null }, adapter)
  return parsed.ok ? parsed : { ok: false, message: `${file}: ${parsed.message}` }
}

// Reading a state's manifest against JSON.parse of the same file: time and peak of memory, each reading in a process of its own.

import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { manifestText } from './generate.ts'
import { milliseconds, type Row } from './table.ts'

interface Reading { readonly took: number; readonly peak: number }

export async function measureManifests(directory: string, sizes: readonly number[]): Promise<Row[]> {
  const program = path.join(directory, 'read-manifest.cjs')
  await build({ entryPoints: [path.join(import.meta.dirname, 'read-manifest.ts')], outfile: program, bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, logLevel: 'error' })
  return sizes.flatMap((megabytes): Row[] => {
    const file = path.join(directory, `manifest_${megabytes}.json`)
    writeFileSync(file, manifestText(megabytes))
    const best = (how: string): Reading => {
      const readings = Array.from({ length: megabytes > 50 ? 2 : 5 }, (): Reading => JSON.parse(spawnSync(process.execPath, ['--max-old-space-size=8192', program, how, file], { encoding: 'utf8' }).stdout) as Reading)
      return { took: Math.min(...readings.map((each) => each.took)), peak: Math.min(...readings.map((each) => each.peak)) }
    }
    const [ours, theirs] = [best('scan'), best('parse')]
    rmSync(file)
    return [
      { what: `manifest of ${megabytes} MB: time`, ours: milliseconds(ours.took), against: `JSON.parse: ${milliseconds(theirs.took)}`, ratio: ours.took / theirs.took, goal: 0.8 },
      { what: `manifest of ${megabytes} MB: peak memory`, ours: `${(ours.peak / 1e6).toFixed(0)} MB`, against: `JSON.parse: ${(theirs.peak / 1e6).toFixed(0)} MB`, ratio: ours.peak / theirs.peak, goal: 0.4 },
    ]
  })
}

// A second start runs code that V8 kept of the first one: it answers the same, from the warehouse too. Needs dist/ and the demo's warehouse (npm run demo).

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const x = suite('second start')

const root = path.resolve(import.meta.dirname, '../..')

function resolve(home: string): string {
  const bundle = path.join(root, 'dist', 'dbt-defer-ls.cjs')
  return execFileSync(process.execPath, [bundle, 'resolve', '--project-dir', path.join(root, 'client', 'demo'), '--defer', '--state', 'prod'], { encoding: 'utf8', cwd: path.join(root, 'client', 'demo'), env: { PATH: process.env['PATH'] ?? '', HOME: home } })
}

x('the answers of the first', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'second-start-'))
  try {
    const first = resolve(home)
    assert.match(first, /stg_customers"\s+exists/, 'DuckDB was asked')
    assert.ok(readdirSync(home, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.code')), 'code was kept')
    assert.is(resolve(home), first)
  } finally {
    rmSync(home, { recursive: true })
  }
})

x.run()

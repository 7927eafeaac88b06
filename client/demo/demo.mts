// The README's first command: makes the demo's warehouse, then shows where every ref reads, without and with --defer.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const main = join(here, '../../server/main.ts')

function run(file: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

function show(...args: string[]): void {
  console.log(`\n$ dbt-defer-ls ${args.join(' ')}`)
  run(main, ...args)
}

run(join(here, 'make-warehouse.mts'))
show('resolve', 'models/marts')
show('resolve', 'models/marts', '--defer', '--state', 'prod')
show('explain', 'models/marts/orders.sql:8:12', '--defer', '--state', 'prod')
show('check', '--defer', '--state', 'prod')

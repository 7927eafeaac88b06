// The bundle's entry, reduced to what workers and children need: tests start it where main.ts would be started.

import { DUCKDB_CHILD, runDuckdbChild } from '../../server/host/duckdb-child.ts'
import { runStateWorker } from '../../server/host/state-worker.ts'

if (!runStateWorker() && process.argv[2] === DUCKDB_CHILD) await runDuckdbChild(process.argv[3] ?? '')

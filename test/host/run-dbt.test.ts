// A dbt started from the editor ends with the server. The program here is a shell script that waits for its interruption.

import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const running = suite('run dbt')

const until = async (done: () => boolean): Promise<void> => {
  for (let looked = 0; looked < 400 && !done(); looked++) await new Promise((resolve) => { setTimeout(resolve, 25) })
}

if (process.platform !== 'win32') running('the end of our process interrupts it', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'run-dbt-'))
  try {
    const program = path.join(place, 'dbt')
    writeFileSync(program, `#!/bin/sh\ntrap 'echo interrupted > "${place}/end"; exit 0' INT\necho started\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do sleep 0.25; done\necho late > "${place}/end"\n`)
    chmodSync(program, 0o755)
    const module = path.resolve(import.meta.dirname, '../../server/host/run-dbt.ts')
    const text = `import { runDbt } from ${JSON.stringify(module)}; runDbt(${JSON.stringify(program)}, ['run'], ${JSON.stringify(place)}, () => process.exit(0))`
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', text], { stdio: 'inherit' })
    await new Promise((resolve) => { child.once('exit', resolve) })
    await until(() => existsSync(path.join(place, 'end')))
    assert.is(readFileSync(path.join(place, 'end'), 'utf8'), 'interrupted\n')
  } finally {
    rmSync(place, { recursive: true })
  }
})

running.run()

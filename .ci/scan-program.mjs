// Makes server/dbt/state/scan-program.ts of scan.wat; with --check it only says whether the one that is there is up to date.

import { readFileSync, writeFileSync } from 'node:fs'
import startWabt from 'wabt'

const SOURCE = 'server/dbt/state/scan.wat'
const MADE = 'server/dbt/state/scan-program.ts'
const wabt = await startWabt()
const module = wabt.parseWat(SOURCE, readFileSync(SOURCE, 'utf8'))
module.validate()
const program = Buffer.from(module.toBinary({}).buffer).toString('base64')
const text = `// Made by \`node .ci/scan-program.mjs\` of scan.wat: the WebAssembly of the manifest scanner, base64. Not edited by hand.\n\nexport const SCAN_PROGRAM = '${program}'\n`
if (!process.argv.includes('--check')) writeFileSync(MADE, text)
else if (readFileSync(MADE, 'utf8') !== text) {
  console.error(`${MADE} is not what ${SOURCE} gives: run node .ci/scan-program.mjs`)
  process.exitCode = 1
}

// One command line on a fixture, in this process: what it prints and how it ends. The fixture's project is the current directory.

import { runCli } from '../../server/cli/run.ts'
import { memoryHost } from './memory-host.ts'
import { parseFixture } from './fixture.ts'

export interface Ended { readonly code: number; readonly out: string; readonly err: string }

/** `command`: words separated by blanks; a word with blanks in it stands in single quotes. */
export async function cli(template: string, command: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const fixture = parseFixture(template)
  let out = ''
  let err = ''
  const argv = [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  const io = { out: (text: string) => { out += text }, err: (text: string) => { err += text }, color: false }
  const code = await runCli(argv, { host: memoryHost(fixture, env), io, cwd: fixture.root, version: '0.0.0-test' })
  return { code, out, err }
}

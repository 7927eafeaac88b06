// Runs one command: parses the command line, opens the project, hands over, and turns failures into one clear message.

import path from 'node:path'
import type { ProjectHost } from '../dbt/ports.ts'
import { check } from './check.ts'
import { parseCompiled } from './sql-syntax.ts'
import { compile, refuseInlineSelected } from './compile.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { inspect } from './inspect.ts'
import { CommandFailure, type Io } from './io.ts'
import { ls } from './ls.ts'
import { keepFacts, openProject, type Opened } from './open.ts'
import { helpText, parseArguments, type Parsed } from './options.ts'
import { assumed, plan } from './plan.ts'
import { resolve } from './resolve.ts'
import { checkStateWords, pull, state } from './state.ts'

export interface CliOptions {
  readonly host: ProjectHost
  readonly io: Io
  readonly cwd: string
  readonly version: string
}

/** The exit code. Never throws. */
export async function runCli(argv: readonly string[], { host, io, cwd, version }: CliOptions): Promise<number> {
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) { io.out(helpText(version, argv[0])); return argv.length === 0 ? 2 : 0 }
  if (argv[0] === '--version') { io.out(`${version}\n`); return 0 }
  const result = parseArguments(argv)
  if (result.kind === 'usage') {
    io.err(`dbt-defer-ls: ${result.message}\nTry dbt-defer-ls --help.\n`)
    return 2
  }
  try {
    return await dispatch(result.parsed, { host, io, cwd, version })
  } catch (error) {
    // A mistake of ours is no finding either: whoever reads exit code 1 as one would be misled.
    io.err(error instanceof CommandFailure ? `dbt-defer-ls: ${error.message}\n` : `dbt-defer-ls: this is a mistake in dbt-defer-ls, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    return 2
  } finally {
    host.dispose()
  }
}

async function dispatch(parsed: Parsed, { host, io, cwd }: CliOptions): Promise<number> {
  if (parsed.command === 'inspect') return inspect(parsed.rest, { out: io.out, err: io.err, readFile: (file) => { const text = host.readText(path.resolve(cwd, file)); if (text === null) throw new Error('no such file'); return text } })
  if (!['check', 'resolve', 'explain', 'state'].includes(parsed.command) && parsed.rest.length > 0) throw new CommandFailure(`${parsed.command} takes no ${parsed.rest[0]}`)
  // What is wrong in the words themselves is said before anything is read.
  if (parsed.command === 'state') checkStateWords(parsed)
  if (parsed.command === 'plan') assumed(parsed)
  if (parsed.command === 'compile') refuseInlineSelected(parsed)
  if (parsed.command === 'state' && parsed.rest[0] === 'pull') await pull(parsed, host, io, cwd)
  const opened = await openProject(parsed, host, cwd)
  const code = await answer(opened, parsed.command, parsed, io, cwd)
  const problem = await keepFacts(opened)
  if (problem !== null && parsed.command === 'doctor') io.err(`note: facts cannot be kept for the next start: ${problem}\n`)
  return code
}

function answer(opened: Opened, command: Exclude<Parsed['command'], 'inspect'>, parsed: Parsed, io: Io, cwd: string): number | Promise<number> {
  switch (command) {
    case 'check': return parseCompiled(opened).then(() => check(opened, parsed, io, cwd))
    case 'resolve': return resolve(opened, parsed, io, cwd)
    case 'ls': return ls(opened, parsed, io)
    case 'explain': return explain(opened, parsed, io, cwd)
    case 'state': return state(opened, io)
    case 'doctor': return doctor(opened, io)
    case 'plan': return plan(opened, parsed, io, cwd)
    case 'compile': return compile(opened, parsed, io, cwd)
  }
}

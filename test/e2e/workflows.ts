// The workflow files of client/ci: their own commands run in a shell, on a repository with a changed branch, with `npx dbt-defer-ls` as this program.

import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'

const repository = path.resolve(import.meta.dirname, '../..')
/** The bundle where there is one (OURS=dist), else the sources. */
const PROGRAM = process.env['OURS'] === 'dist' ? [path.join(repository, 'dist/dbt-defer-ls.cjs')] : ['--import', import.meta.resolve('tsx'), path.join(repository, 'server/main.ts')]
const ci = suite('ready workflow files')

interface Step { readonly name?: string; readonly run?: string }

/** A branch of the demo with one changed, one new and one broken model; production's state in STATE. */
function branch(): { readonly root: string; readonly env: NodeJS.ProcessEnv; run(script: string): { readonly code: number | null; readonly err: string }; read(file: string): string; done(): void } {
  const root = mkdtempSync(path.join(tmpdir(), 'ci-'))
  cpSync(path.join(repository, 'client/demo'), root, { recursive: true, filter: (from) => !/\.(duckdb|mts|wal)$/.test(from) && path.basename(from) !== 'target' })
  mkdirSync(path.join(root, '.dbt-state'))
  cpSync(path.join(root, 'prod/manifest.json'), path.join(root, '.dbt-state/manifest.json'))
  const bin = path.join(root, '.bin')
  mkdirSync(bin)
  writeFileSync(path.join(bin, 'npx'), `#!/bin/sh\nshift 2\nexec ${[process.execPath, ...PROGRAM].map((each) => JSON.stringify(each)).join(' ')} "$@"\n`)
  chmodSync(path.join(bin, 'npx'), 0o755)
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root, stdio: 'ignore' })
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'production')
  git('checkout', '-q', '-b', 'mine')
  writeFileSync(path.join(root, 'models/marts/orders.sql'), `${readFileSync(path.join(root, 'models/marts/orders.sql'), 'utf8')}\n-- changed\n`)
  writeFileSync(path.join(root, 'models/marts/fresh.sql'), "select * from {{ ref('orders') }}\n")
  writeFileSync(path.join(root, 'models/marts/broken.sql'), "select * from {{ ref('ordres') }}\n")
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('DBT_'))), PATH: `${bin}:${process.env['PATH'] ?? ''}`, STATE: '.dbt-state', EXISTS: 'none', GITHUB_STEP_SUMMARY: path.join(root, 'summary.md') }
  return {
    root, env,
    run: (script) => { const { status, stderr, stdout } = spawnSync('bash', ['-e', '-c', `${script} `], { cwd: root, env, encoding: 'utf8' }); writeFileSync(path.join(root, 'stdout'), stdout); return { code: status, err: stderr } },
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    done: () => rmSync(root, { recursive: true, force: true }),
  }
}

ci('GitHub: annotations, SARIF, a summary of what is modified, built, deferred and missing', () => {
  const { jobs } = parse(readFileSync(path.join(repository, 'client/ci/github.yml'), 'utf8')) as { jobs: { check: { steps: readonly Step[] } } }
  const judge = jobs.check.steps.find((step) => step.name === 'Judge')?.run ?? ''
  const place = branch()
  try {
    const { code, err } = place.run(judge)
    assert.is(code, 1, err)
    assert.match(place.read('stdout'), /^::error file=models\/marts\/broken\.sql,line=1,.*title=ref-not-found::/m)
    const sarif = JSON.parse(place.read('dbt-defer.sarif')) as { runs: { results: { ruleId: string }[] }[] }
    assert.ok(sarif.runs[0]?.results.some((each) => each.ruleId === 'ref-not-found'))
    const summary = place.read('summary.md')
    assert.match(summary, /^### \d+ built, \d+ tests, \d+ deferred, \d+ missing, \d+ unknown, \*\*1 refused\*\*$/m)
    assert.match(summary, /- `model\.\w+\.orders`: \.body/)
    assert.match(summary, /- `model\.\w+\.fresh`: new: not in the state/)
    assert.match(summary, /^### 1 error/m)
    assert.match(place.read('modified.txt'), /\.fresh\n/)
  } finally { place.done() }
})

ci('GitLab: a Code Quality report, a summary, the exit code', () => {
  const file = parse(readFileSync(path.join(repository, 'client/ci/gitlab.yml'), 'utf8')) as { 'dbt defer': { script: readonly string[]; variables: Record<string, unknown>; artifacts: { reports: { codequality: string } } } }
  const job = file['dbt defer']
  const place = branch()
  try {
    const { code, err } = place.run(job.script.join('\n'))
    assert.is(code, 1, err)
    const report = JSON.parse(place.read(job.artifacts.reports.codequality)) as { check_name: string; severity: string; fingerprint: string; location: { path: string; lines: { begin: number } } }[]
    const found = report.find((each) => each.check_name === 'ref-not-found')
    assert.equal([found?.severity, found?.location], ['critical', { path: 'models/marts/broken.sql', lines: { begin: 1, end: 1 } }])
    assert.is(new Set(report.map((each) => each.fingerprint)).size, report.length)
    assert.match(place.read('dbt-defer.md'), /new: not in the state/)
    rmSync(path.join(place.root, 'models/marts/broken.sql'))
    assert.is(place.run(job.script.at(-1) ?? '').code, 0)
  } finally { place.done() }
})

ci.run()

// States written by dbt 1.0 to 1.8 (manifest v4 to v12), and odd ones: what dbt 1.12 answers with each (recorded by record_old.py), end to end.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fixtures, type Edit } from '../../conformance/projects.ts'
import type { Selection } from '../../conformance/state/asked.ts'
import { openOurs } from '../../conformance/state/ours-in-process.ts'
import { differences, type Answered } from '../../conformance/state/wharf-answers.ts'

interface Recorded { readonly edits: readonly Edit[]; readonly asked: readonly Selection[]; readonly answers: readonly (Omit<Answered, 'name'> & { readonly state: string; readonly edited: boolean })[] }

const old = suite('state: old and odd manifests')
const directory = path.join(fixtures, 'old-states')
const recorded = JSON.parse(readFileSync(path.join(directory, 'answers.json'), 'utf8')) as Recorded

for (const state of readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)) {
  old(state, async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'old-'))
    const root = path.join(place, 'barge')
    cpSync(path.join(fixtures, 'projects', 'barge'), root, { recursive: true })
    const ours = await openOurs(root, path.join(directory, state), { venv: null, rules: '1.12' })
    try {
      const answers = recorded.answers.filter((each) => each.state === state)
      assert.ok(answers.length > 0)
      for (const answer of answers) {
        const edited = await ours.edited(answer.edited ? recorded.edits : [])
        if (answer.refused === null) assert.equal(differences(edited, { ...answer, name: answer.edited ? 'edited' : 'as it was' }, recorded.asked), [])
        else assert.match(edited.refusal ?? '', /^Internal Error\n {2}Artifact is missing schema version|Expected a schema version of "\S+v12\.json" in \S+, but found/, answer.refused)
      }
    } finally {
      await ours.done()
      rmSync(place, { recursive: true, force: true })
    }
  })
}

old.run()

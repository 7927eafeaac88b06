// A fixture as a snapshot, evaluated and with its state and warehouse: what the tests of ide/ ask their questions of.

import { drained } from '../../server/dbt/steps.ts'
import { assemble, assembleLiteral } from '../../server/dbt/assemble.ts'
import type { Evidence, Inputs } from '../../server/dbt/inputs.ts'
import type { Snapshot } from '../../server/dbt/snapshot.ts'
import { DEFAULTS, layerSettings, requestOf } from '../../server/ide/settings.ts'
import { parseFixture, type Fixture } from './fixture.ts'
import { memoryHost, type MemoryHost } from './memory-host.ts'

export interface Scenery { readonly fixture: Fixture; readonly snapshot: Snapshot; readonly inputs: Inputs; readonly host: MemoryHost; readonly path: string; readonly offset: number }

/** The cursor's file and offset come along; without a cursor, `/p/models/test.sql` at 0. */
export async function snapshotOf(template: string, options: { readonly env?: Readonly<Record<string, string>>; readonly literal?: boolean; /** What else is known. */ readonly evidence?: Partial<Evidence> } = {}): Promise<Scenery> {
  const fixture = parseFixture(template)
  const host = memoryHost(fixture, options.env)
  const request = { ...requestOf(layerSettings(DEFAULTS, host.projectSettings(fixture.root).data).settings), alone: true }
  const inputs = host.open(fixture.root, request, new Map(), null)
  const first = options.literal === true ? drained(assembleLiteral(inputs, host.now())) : assemble(inputs, host.now(), null)
  const evidence = await host.evidence(inputs, request, first.manifest)
  const whole = { ...inputs, evidence: { ...evidence, ...options.evidence } }
  const snapshot = options.literal === true ? first : assemble(whole, host.now(), first)
  return { fixture, snapshot, inputs: whole, host, path: fixture.cursor?.path ?? '/p/models/test.sql', offset: fixture.cursor?.offset ?? 0 }
}

// What `metric('x')` gives a template that is compiled: prints the metric's name, has the metric's fields and the helpers of the metrics package.
// dbt 1.12: contracts/graph/metrics.py ResolvedMetricReference.

import { UnknownSignal } from '../../jinja/errors.ts'
import { PyIterator } from '../../jinja/iterate.ts'
import { PyDict, PyFunction, PyList, PyObject } from '../../jinja/value.ts'
import type { CallContext, Value } from '../../jinja/value.ts'
import { nodeFields } from '../context/model-dict.ts'
import type { Manifest, OtherResource } from '../nodes/types.ts'

export function metricReference(manifest: Manifest, metric: OtherResource): PyObject { return new MetricReference(manifest, metric) }

class MetricReference extends PyObject {
  readonly typeName = 'ResolvedMetricReference'
  private readonly manifest: Manifest
  private readonly metric: OtherResource
  constructor(manifest: Manifest, metric: OtherResource) { super(); this.manifest = manifest; this.metric = metric }
  override get qualifiedTypeName(): string { return 'dbt.contracts.graph.metrics.ResolvedMetricReference' }
  override truthy(): boolean { return true }
  override str(): string { return this.metric.name }
  override getattr(name: string): Value | undefined {
    const { manifest, metric } = this
    switch (name) {
      case 'metric_name': return metric.name
      case 'package_name': return metric.package_name
      case 'base_metric_dependency': case 'full_metric_dependency': case 'derived_metric_dependency': return new PyFunction(name, (_args, context) => this.names(name, context))
      case 'derived_metric_dependency_depth': return new PyFunction(name, () => new PyList(Array.from(depths(manifest, metric, 1), ([of, depth]) => new PyDict([[of.name, BigInt(depth)]]))))
      case 'parent_metrics': case 'parent_metrics_names': return new PyFunction(name, () => {
        const all = Array.from(parents(manifest, metric), (each) => name === 'parent_metrics' ? metricReference(manifest, each) : each.name)
        return new PyIterator('generator', { next: () => all.shift() })
      })
    }
    return nodeFields(metric, new Map()).get(name)
  }

  /** dbt makes a set of them: the order of more than one is nobody's to know. */
  private names(kind: string, context: CallContext): Value {
    const all = Array.from(parents(this.manifest, this.metric)).filter((each) => kind === 'full_metric_dependency' || DERIVED.has(String(each.properties.get('type'))) === (kind === 'derived_metric_dependency'))
    const names = [...new Set(all.map((each) => each.name))]
    if (names.length < 2) return new PyList(names)
    throw new UnknownSignal({ code: 'set-order', message: `the order in which metric('${this.metric.name}').${kind}() lists the metrics is random in dbt`, stack: context.stack })
  }
}

const DERIVED: ReadonlySet<string> = new Set(['derived', 'ratio'])

function* parents(manifest: Manifest, metric: OtherResource, above: readonly string[] = []): Generator<OtherResource> {
  yield metric
  for (const id of metric.depends_on.nodes) {
    const parent = manifest.others.get(id)
    if (parent?.resource_type === 'metric' && !above.includes(id)) yield* parents(manifest, parent, [...above, metric.unique_id])
  }
}

function* depths(manifest: Manifest, metric: OtherResource, depth: number): Generator<readonly [OtherResource, number]> {
  if (!DERIVED.has(String(metric.properties.get('type')))) return
  yield [metric, depth]
  if (depth > 100) return
  for (const id of metric.depends_on.nodes) {
    const parent = manifest.others.get(id)
    if (parent?.resource_type === 'metric') yield* depths(manifest, parent, depth + 1)
  }
}

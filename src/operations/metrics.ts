import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

interface AnsweredRequest {
  method: string;
  /** As it was registered; undefined where no route was found. */
  route: string | undefined;
  status: number;
  durationMs: number;
}

/** What Prometheus collects: how long requests took, and the process's own figures. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly durations: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long it took to answer requests, by route.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
  }

  /** Every label has few values: what a client makes up, such as a path or an app, is not among them. */
  observe({ method, route, status, durationMs }: AnsweredRequest): void {
    const labels = route === undefined ? { method: '-', route: '-' } : { method, route };
    this.durations.observe({ ...labels, status }, durationMs / 1000);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    return this.registry.metrics();
  }
}

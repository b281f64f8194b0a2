import { ConfigurationError } from '../core/auth.error.js';

/** A line of a text file, or what keeps it from being one. */
export type Line = { number: number; text: string } | { number: number; problem: string };

const NEW_LINE = 0x0a;
const UTF_16_MARKS = ['fffe', 'feff'];

/**
 * Line by line, whatever their ends are, in memory for one line: what is longer than `maxBytes` is read over.
 * @throws {ConfigurationError} the text is UTF-16
 */
export async function* readLines(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  const line = new LineBuffer(maxBytes);
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(NEW_LINE); end !== -1; end = chunk.indexOf(NEW_LINE, start)) {
      line.add(chunk.subarray(start, end));
      yield line.take();
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  if (!line.isEmpty) yield line.take();
}

class LineBuffer {
  private parts: Buffer[] = [];
  private length = 0;
  private number = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(part: Buffer): void {
    this.length += part.length;
    if (this.length <= this.maxBytes) this.parts.push(part);
    else this.parts = [];
  }

  take(): Line {
    const [bytes, length] = [Buffer.concat(this.parts), this.length];
    this.parts = [];
    this.length = 0;
    this.number++;
    const { number } = this;
    if (length > this.maxBytes) return { number, problem: `is longer than ${this.maxBytes} bytes` };
    if (number === 1 && UTF_16_MARKS.includes(bytes.toString('hex', 0, 2))) {
      throw new ConfigurationError('The file is UTF-16. Write it as UTF-8');
    }
    try {
      // A mark of UTF-8 at the begin is left out by it.
      return { number, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim() };
    } catch {
      return { number, problem: 'is not UTF-8' };
    }
  }
}

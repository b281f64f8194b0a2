import type { LoggerService } from '@nestjs/common';

/** Nest's log, kept line by line. Nest has one log for a process: give it to one application at a time. */
export class RecordedLog implements LoggerService {
  readonly lines: { level: 'log' | 'warn' | 'error'; text: string }[] = [];

  log = (...message: unknown[]) => this.keep('log', message);
  warn = (...message: unknown[]) => this.keep('warn', message);
  error = (...message: unknown[]) => this.keep('error', message);

  errors(): string[] {
    return this.lines.filter(({ level }) => level === 'error').map(({ text }) => text);
  }

  warnings(): string[] {
    return this.lines.filter(({ level }) => level === 'warn').map(({ text }) => text);
  }

  private keep(level: 'log' | 'warn' | 'error', message: unknown[]): void {
    const text = message.map((part) => (part instanceof Error ? `${part.message}\n${part.stack}` : String(part)));
    this.lines.push({ level, text: text.join(' ') });
  }
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What is used of a service here; test/replicas/compose-file.spec.ts holds the whole to the schema of compose files. */
export interface ComposeService {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  volumes?: string[];
  ports?: string[];
  deploy?: { replicas: number };
  stop_grace_period?: string;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, null>;
}

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

export function composeFileText(): string {
  return readFileSync(`${repositoryRoot}compose.yaml`, 'utf8');
}

/** compose.yaml with the variables of a file `.env` in their places, as Docker puts them there: an empty one is an empty text. */
export function composeFile(variables: Record<string, string>): ComposeFile {
  const fillIn = (text: string) =>
    text.replaceAll(/\$\{(\w+)(:?[-?])?([^}]*)\}/g, (_, ...found: string[]) => {
      const [name = '', operator = '', rest = ''] = found;
      const value = variables[name];
      const isMissing = value === undefined || (value === '' && operator.startsWith(':'));
      if (!isMissing) return value;
      if (operator.endsWith('-')) return rest;
      throw new Error(`${name} is not set: ${rest}`);
    });
  return parse(composeFileText(), (_, value: unknown) =>
    typeof value === 'string' ? fillIn(value) : value,
  ) as ComposeFile;
}

/** The variables that compose.yaml takes from outside. */
export function variablesOfComposeFile(): Set<string> {
  return new Set([...composeFileText().matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));
}

/** The instructions of the Dockerfile in order, such as `['RUN', 'npm ci']`. */
export function dockerfile(): [instruction: string, rest: string][] {
  const lines = readFileSync(`${repositoryRoot}Dockerfile`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, instruction, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return instruction === undefined || rest === undefined ? [] : [[instruction, rest] as [string, string]];
  });
}

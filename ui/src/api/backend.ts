/// The one door of the UI. Everything the UI knows of the core goes through `call` and `subscribe`;
/// everything it knows of the machine goes through `Platform`. Two hosts implement both: the window
/// (`tauri.ts`) and the browser host (`http.ts`).
import type { ApiError, Commands, ErrorCode, Event } from './bindings';

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]['args'];
export type Result<N extends CommandName> = Commands[N]['result'];

export interface Backend {
  /// Runs a command; rejects with a `Failure`.
  call<N extends CommandName>(name: N, args: Args<N>): Promise<Result<N>>;
  /// Hears what changed, until the returned function is called. `connection` is told true once everything that
  /// changes from then on is heard, and false while nothing is: what was asked before must be asked again.
  subscribe(listener: (event: Event) => void, connection?: (open: boolean) => void): () => void;
}

/// What the machine can do for us. A function that is absent is a thing this host cannot do; the UI
/// then offers the other way (a path to type, a link to download).
export interface Platform {
  pickFolder?: () => Promise<string | null>;
  /// Lets the user choose one file with one of these extensions.
  pickFile?: (title: string, extensions: string[]) => Promise<string | null>;
  /// Follows files and folders dragged over the window; `drop` gets the paths.
  onFileDrop?: (over: (inside: boolean) => void, drop: (paths: string[]) => void) => () => void;
  /// Drags a file that the core exported out of the window; resolves when the drag is over. `icon` is a PNG as `data:`
  /// address.
  startDrag?: (path: string, icon: string) => Promise<void>;
  saveAs?: (suggested: string, extension: string) => Promise<string | null>;
  reveal?: (path: string) => Promise<void>;
  /// Shows a file in a program for text.
  openFile?: (path: string) => Promise<void>;
  /// Address under which the browser can download a file that the core exported.
  downloadUrl?: (path: string) => string;
  openExternal: (url: string) => void;
}

export interface Host {
  backend: Backend;
  platform: Platform;
}

/// A command that did not work: the core's `ApiError`, or a lost connection told in the same shape.
export class Failure extends Error {
  readonly code: ErrorCode;

  constructor(error: ApiError) {
    super(error.message);
    this.name = 'Failure';
    this.code = error.code;
  }
}

/// Any thrown value as a `Failure`, so that callers show one kind of thing.
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    return new Failure(thrown as ApiError);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure({ code: 'failed', message });
}

/// True when `event` says that `topic` changed.
export function concerns(event: Event, topic: string): boolean {
  return event.type === 'changed' && (event.topic === topic || event.topic === '*');
}

/// Picks the host this page runs in.
export async function connect(): Promise<Host> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('fake')) {
    return (await import('./fake-host')).fakeHost();
  }
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauriHost();
  return (await import('./http')).httpHost();
}

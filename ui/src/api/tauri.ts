/// The window as host. The only file that imports `@tauri-apps/*`.
import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { open, save } from '@tauri-apps/plugin-dialog';
import { openPath, openUrl, revealItemInDir } from '@tauri-apps/plugin-opener';

import { asFailure, type Backend, type Host, type Platform } from './backend';
import type { Event } from './bindings';

const backend: Backend = {
  async call(name, args) {
    try {
      return await invoke('call', { name, args });
    } catch (thrown) {
      throw asFailure(thrown);
    }
  },

  subscribe(listener, connection) {
    const events = new Channel<Event>();
    let open = true;
    events.onmessage = (event) => {
      if (open) listener(event);
    };
    invoke('subscribe', { events }).then(
      () => connection?.(true),
      () => connection?.(false),
    );
    return () => {
      open = false;
    };
  },
};

/// A program that shows text and runs none of it. Elsewhere the usual program for a kind of file may be one that runs
/// it: Python for a script on Windows, the terminal on a Mac.
const editor = navigator.platform.startsWith('Win') ? 'notepad' : navigator.platform.startsWith('Mac') ? 'TextEdit' : undefined;
/// What the usual program runs or renders, scripts and all, where text is left to it.
const runs = /\.(x?html?|mht(ml)?|svg|xml|xslt?|desktop|jar|appimage|run)$/i;

/// A file of ours is being dragged out.
let dragging = false;

const platform: Platform = {
  pickFolder: () => open({ directory: true, multiple: false, title: 'Choose a git repository' }),
  pickFile: (title, extensions) =>
    open({ directory: false, multiple: false, title, filters: [{ name: title, extensions }] }),

  onFileDrop(over, drop) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      // What is dragged out passes over the window, too.
      if (dragging) return;
      if (payload.type === 'enter') over(payload.paths.length > 0);
      else if (payload.type === 'leave') over(false);
      else if (payload.type === 'drop') {
        over(false);
        drop(payload.paths);
      }
    });
    return () => void stop.then((unlisten) => unlisten());
  },

  async startDrag(path, icon) {
    dragging = true;
    try {
      await invoke('drag_out', { path, icon });
    } catch (thrown) {
      throw asFailure(thrown);
    } finally {
      dragging = false;
    }
  },
  saveAs: (suggested, extension) =>
    save({ defaultPath: suggested, filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
  reveal: (path) => revealItemInDir(path),
  async openFile(path) {
    if (editor === undefined && runs.test(path)) {
      throw new Error(`${path} would be run or rendered and not shown as text. Open it from your editor.`);
    }
    await openPath(path, editor);
  },
  openExternal: (url) => void openUrl(url),
};

export function tauriHost(): Host {
  return { backend, platform };
}

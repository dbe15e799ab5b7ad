/// The window as host. The only file that imports `@tauri-apps/*`.
import { startDrag } from '@crabnebula/tauri-plugin-drag';
import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { open, save } from '@tauri-apps/plugin-dialog';
import { openUrl, revealItemInDir } from '@tauri-apps/plugin-opener';

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

const platform: Platform = {
  pickFolder: () => open({ directory: true, multiple: false, title: 'Choose a git repository' }),

  onFolderDrop(over, drop) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === 'enter') over(payload.paths.length > 0);
      else if (payload.type === 'leave') over(false);
      else if (payload.type === 'drop') {
        over(false);
        drop(payload.paths);
      }
    });
    return () => void stop.then((unlisten) => unlisten());
  },

  startDrag: (path, icon) => startDrag({ item: [path], icon, mode: 'copy' }),
  saveAs: (suggested, extension) =>
    save({ defaultPath: suggested, filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
  reveal: (path) => revealItemInDir(path),
  openExternal: (url) => void openUrl(url),
};

export function tauriHost(): Host {
  return { backend, platform };
}

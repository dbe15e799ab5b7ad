"""A folder of the desktop, as a small window: what is dragged onto it is copied into it, and what is in it can be dragged
out.

    folder.py FOLDER X Y

Prints "open" when it is there, then the path of every file that came. Stops when standard input ends.
"""

import pathlib
import shutil
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

folder = pathlib.Path(sys.argv[1])
# Without a window manager nothing else decides where it lies and that it lies on top.
window = Gtk.Window(type=Gtk.WindowType.POPUP)
window.set_default_size(160, 80)
window.move(int(sys.argv[2]), int(sys.argv[3]))
icon = Gtk.EventBox()
icon.add(Gtk.Label(label=folder.name))
window.add(icon)
window.drag_dest_set(Gtk.DestDefaults.ALL, [], Gdk.DragAction.COPY)
window.drag_dest_add_uri_targets()
icon.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
icon.drag_source_add_uri_targets()


def dropped(_window, _context, _x, _y, data, _info, _time):
    for uri in data.get_uris():
        path, _host = GLib.filename_from_uri(uri)
        print(shutil.copy(path, folder), flush=True)


def taken(_icon, _context, data, _info, _time):
    data.set_uris([path.as_uri() for path in sorted(folder.iterdir())])


window.connect("drag-data-received", dropped)
icon.connect("drag-data-get", taken)
window.connect("map-event", lambda *_: print("open", flush=True))
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: Gtk.main_quit())
window.show_all()
Gtk.main()

package dev.proteus.tensor;

import java.lang.ref.WeakReference;
import java.util.concurrent.CopyOnWriteArrayList;

/// The observers of one tensor. It does not keep them alive; what [#add] returns does.
final class BodyListeners {
  private static final System.Logger LOG = System.getLogger(BodyListeners.class.getName());

  private final CopyOnWriteArrayList<WeakReference<BodyListener>> listeners =
      new CopyOnWriteArrayList<>();

  /// The way to take this registration off again; whoever holds it holds the listener.
  private record Registration(
      BodyListeners all, WeakReference<BodyListener> entry, BodyListener listener)
      implements HookHandle {
    @Override
    public void remove() {
      all.listeners.removeIf(e -> e == entry);
    }
  }

  HookHandle add(BodyListener listener) {
    listeners.removeIf(e -> e.get() == null);
    WeakReference<BodyListener> entry = new WeakReference<>(listener);
    listeners.add(entry);
    return new Registration(this, entry, listener);
  }

  static boolean has(Tensor tensor) {
    return tensor.listeners() != null;
  }

  /// Tells those who listen to the tensor that changed.
  static void announce(BodyChange change) {
    BodyListeners listeners = change.tensor().listeners();
    if (listeners != null) {
      listeners.tell(change);
    }
  }

  private void tell(BodyChange change) {
    for (WeakReference<BodyListener> entry : listeners) {
      BodyListener listener = entry.get();
      if (listener != null) {
        tell(listener, change);
      }
    }
  }

  private static void tell(BodyListener listener, BodyChange change) {
    try {
      listener.changed(change);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "onBodyChange: a listener failed at "
              + change.before()
              + " -> "
              + change.after()
              + "; the change stands",
          e);
    }
  }
}

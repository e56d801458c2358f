package dev.proteus.spi;

import dev.proteus.type.Device;

/// A run of bytes on a device, made by a backend. What they mean is the layout's and the dtype's
/// affair.
///
/// The engine counts who views a storage and calls [#release()] as soon as nobody can; a storage
/// that is merely forgotten is given back by the backend when the garbage collector finds it.
public interface Storage {
  Device device();

  /// Size in bytes as asked for.
  long bytes();

  /// Gives the memory back for reuse; calling it again does nothing. A released storage must not be
  /// read or written.
  void release();

  boolean isReleased();
}

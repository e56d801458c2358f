package dev.proteus.type;

import java.util.Locale;

/// Where a tensor's values are: a kind of device and a number. Kinds are open; one without a
/// backend can be named but not allocated on.
///
/// @param kind lower-case name, such as `cpu`, `cuda`, `opencl`, `meta`
/// @param index number of the device among its kind, from 0
public record Device(String kind, int index) {
  /// The host's processors.
  public static final Device CPU = new Device("cpu", 0);

  /// No values at all: shapes, types and errors only (rules MD-7 to MD-14).
  public static final Device META = new Device("meta", 0);

  public Device {
    if (!kind.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException(
          "device: kind '" + kind + "' is not a lower-case name such as cpu, cuda, opencl, meta");
    }
    if (index < 0) {
      throw new IllegalArgumentException("device: index " + index + " is negative; 0 is the first");
    }
  }

  /// The device named by `kind` or `kind:index`.
  ///
  /// @throws IllegalArgumentException if the text has another form (rule TO-5)
  public static Device parse(String text) {
    int colon = text.indexOf(':');
    String kind = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    if (colon < 0) {
      return new Device(kind, 0);
    }
    try {
      return new Device(kind, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "device: '" + text + "' is not kind or kind:number, such as cpu or cuda:0", e);
    }
  }

  public boolean isMeta() {
    return kind.equals("meta");
  }

  @Override
  public String toString() {
    return index == 0 && (equals(CPU) || isMeta()) ? kind : kind + ":" + index;
  }
}

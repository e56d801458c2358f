package dev.proteus.bench;

import java.util.Locale;

/// One thing to measure.
///
/// @param group the family it is listed under
/// @param name what is done, with its sizes
/// @param unit what a rate counts
/// @param amount how much of the unit one invocation does; bytes are the compulsory ones
record Work(String group, String name, Unit unit, double amount) {
  /// What a rate counts.
  enum Unit {
    FLOP("GFLOP/s"),
    BYTE("GB/s"),
    STEP("1/s");

    private final String rate;

    Unit(String rate) {
      this.rate = rate;
    }
  }

  /// The rate at which an invocation of `nanos` goes, with its unit.
  String rate(double nanos) {
    double perSecond = amount / nanos * (unit == Unit.STEP ? 1e9 : 1);
    return String.format(Locale.ROOT, "%.3g %s", perSecond, unit.rate);
  }
}

package dev.proteus.tensor;

import java.util.List;

/// Sees every call before it runs, as the user wrote it: a profiler, a counter, a precision policy,
/// a recorder (rule SC-1).
@FunctionalInterface
public interface Interpreter {
  /// The results of the call, by [Call#proceed()] or in any other way.
  List<Tensor> interpret(Call call);
}

package dev.proteus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.proteus.error.DTypeException;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Snapshot;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/// Contents replaced, as conversions and loads do, beside calls that read them (rules SW-47,
/// TO-26).
public final class Conversions {
  private Conversions() {}

  /// Both at one moment.
  private static void toBfloat16(Parameter a, Parameter b) {
    Tensor.replaceAll(
        List.of(
            new Replacement(a, Metas.typed(DType.BFLOAT16)),
            new Replacement(b, Metas.typed(DType.BFLOAT16))));
  }

  /// A call sees both its operands in the old type or both in the new one; one of each would give a
  /// third.
  @JCStressTest
  @Outcome(
      id = {"float16", "bfloat16"},
      expect = ACCEPTABLE,
      desc = "both before or both after")
  @Outcome(id = "refused", expect = ACCEPTABLE, desc = "a type changed under the call")
  @Outcome(expect = FORBIDDEN, desc = "one before and one after")
  @State
  public static class TypesBelongTogether {
    private final Parameter a = Metas.parameter(DType.FLOAT16);
    private final Parameter b = Metas.parameter(DType.FLOAT16);

    @Actor
    public void convert() {
      toBfloat16(a, b);
    }

    @Actor
    public void call(L_Result result) {
      try {
        result.r1 = Scope.noGrad(() -> a.add(b)).dtype().toString();
      } catch (DTypeException changed) {
        result.r1 = "refused";
      }
    }
  }

  /// In a snapshot the same call is never refused.
  @JCStressTest
  @Outcome(
      id = {"float16", "bfloat16"},
      expect = ACCEPTABLE,
      desc = "both before or both after")
  @Outcome(expect = FORBIDDEN, desc = "one before and one after")
  @State
  public static class TypesStayInASnapshot {
    private final Parameter a = Metas.parameter(DType.FLOAT16);
    private final Parameter b = Metas.parameter(DType.FLOAT16);

    @Actor
    public void convert() {
      toBfloat16(a, b);
    }

    @Actor
    public void call(L_Result result) {
      try (Snapshot seen = Snapshot.of(List.of(a, b))) {
        result.r1 = seen.run(() -> Scope.noGrad(() -> a.add(b))).dtype().toString();
      }
    }
  }

  /// A parameter requires grad at every moment of its replacement.
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "recorded")
  @Outcome(expect = FORBIDDEN, desc = "a moment without a place among leaves")
  @State
  public static class LeavesStayLeaves {
    private final Parameter a = Metas.parameter(DType.FLOAT32);

    @Actor
    public void convert() {
      Tensor.replaceAll(List.of(new Replacement(a, Metas.typed(DType.FLOAT32))));
    }

    @Actor
    public void call(Z_Result result) {
      result.r1 = a.neg().requiresGrad();
    }
  }

  /// A call reads the old content or the new one, never one that was let go and is used again.
  @JCStressTest
  @Outcome(
      id = {"10, 10", "10, 20", "20, 20"},
      expect = ACCEPTABLE,
      desc = "old, then new")
  @Outcome(expect = FORBIDDEN, desc = "memory of someone else, or new before old")
  @State
  public static class ContentsStayWhileRead {
    private final Parameter a = Scope.memory(() -> Parameter.of(Tensor.of(5.0)));

    @Actor
    public void replace() {
      Scope.noGrad(() ->
          Scope.memory(() -> {
            Tensor.replaceAll(List.of(new Replacement(a, Tensor.of(10.0))));
            Tensor.of(77.0); // takes the memory that was let go, if it was
          }));
    }

    @Actor
    public void call(JJ_Result result) {
      result.r1 = read();
      result.r2 = read();
    }

    private long read() {
      return Scope.noGrad(() -> Scope.memory(() -> a.mul(2).itemLong()));
    }
  }

  /// Two replacements of one tensor: one is last, and the other's content is not lost twice.
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE,
      desc = "one of the two was last")
  @Outcome(expect = FORBIDDEN, desc = "neither")
  @State
  public static class TwoReplacements {
    private final Parameter a = Metas.parameter(DType.FLOAT32);

    @Actor
    public void one() {
      Tensor.replaceAll(List.of(new Replacement(a, Metas.sized(1))));
    }

    @Actor
    public void two() {
      Tensor.replaceAll(List.of(new Replacement(a, Metas.sized(2))));
    }

    @Arbiter
    public void read(J_Result result) {
      result.r1 = a.numel();
    }
  }
}

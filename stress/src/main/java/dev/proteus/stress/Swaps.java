package dev.proteus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.proteus.tensor.Snapshot;
import dev.proteus.tensor.Swap;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/// Swaps beside calls and beside each other (rules D-4, SW-47, SW-48).
public final class Swaps {
  private Swaps() {}

  /// A call whose two operands are being exchanged sees each of the contents once.
  @JCStressTest
  @Outcome(id = "102", expect = ACCEPTABLE, desc = "one of each")
  @Outcome(expect = FORBIDDEN, desc = "one content twice")
  @State
  public static class OperandsBelongTogether {
    private final Tensor a = Metas.sized(2);
    private final Tensor b = Metas.sized(100);

    @Actor
    public void swap() {
      Tensor.swap(a, b);
    }

    @Actor
    public void call(J_Result result) {
      result.r1 = Tensor.cat(List.of(a, b), 0).numel();
    }
  }

  /// Swaps of two tensors in opposite order do not lock each other out, and none is lost.
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "an even number of swaps")
  @Outcome(expect = FORBIDDEN, desc = "a swap was lost or made by halves")
  @State
  public static class OppositeOrder {
    private final Tensor a = Metas.sized(1);
    private final Tensor b = Metas.sized(2);

    @Actor
    public void forwards() {
      Tensor.swap(a, b);
    }

    @Actor
    public void backwards() {
      Tensor.swap(b, a);
    }

    @Arbiter
    public void count(JJ_Result result) {
      result.r1 = a.numel();
      result.r2 = b.numel();
    }
  }

  /// A call of three operands sees an exchange of all three wholly or not at all.
  @JCStressTest
  @Outcome(
      id = {"3", "30"},
      expect = ACCEPTABLE,
      desc = "all before or all after")
  @Outcome(expect = FORBIDDEN, desc = "a part of the exchange")
  @State
  public static class AllOrNothing {
    private final List<Tensor> held = List.of(Metas.sized(1), Metas.sized(1), Metas.sized(1));
    private final List<Tensor> other = List.of(Metas.sized(10), Metas.sized(10), Metas.sized(10));

    @Actor
    public void swap() {
      Tensor.swapAll(Pairs.of(held, other));
    }

    @Actor
    public void call(J_Result result) {
      result.r1 = Tensor.cat(held, 0).numel();
    }
  }

  /// Two calls in one snapshot see the same side of an exchange.
  @JCStressTest
  @Outcome(
      id = {"2, 2", "20, 20"},
      expect = ACCEPTABLE,
      desc = "both before or both after")
  @Outcome(expect = FORBIDDEN, desc = "a snapshot that changes, or has a part of the exchange")
  @State
  public static class SnapshotsStay {
    private final List<Tensor> held = List.of(Metas.sized(1), Metas.sized(1));
    private final List<Tensor> other = List.of(Metas.sized(10), Metas.sized(10));

    @Actor
    public void swap() {
      Tensor.swapAll(Pairs.of(held, other));
    }

    @Actor
    public void calls(JJ_Result result) {
      try (Snapshot seen = Snapshot.of(held)) {
        result.r1 = seen.run(() -> Tensor.cat(held, 0).numel());
        result.r2 = seen.run(() -> held.get(0).numel() + held.get(1).numel());
      }
    }
  }

  /// A write in place beside a swap lands wholly in the content that it read.
  @JCStressTest
  @Outcome(
      id = {"20, 2", "21, 1"},
      expect = ACCEPTABLE,
      desc = "in the one or in the other")
  @Outcome(expect = FORBIDDEN, desc = "lost, or read here and written there")
  @State
  public static class WritesInPlace {
    private final Tensor a = Tensor.of(1L);
    private final Tensor b = Tensor.of(20L);

    @Actor
    public void swap() {
      Tensor.swap(a, b);
    }

    @Actor
    public void write() {
      a.add_(1);
    }

    @Arbiter
    public void read(JJ_Result result) {
      result.r1 = a.itemLong();
      result.r2 = b.itemLong();
    }
  }

  /// The pairs of two lists.
  private static final class Pairs {
    static List<Swap> of(List<Tensor> some, List<Tensor> others) {
      List<Swap> pairs = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        pairs.add(new Swap(some.get(i), others.get(i)));
      }
      return pairs;
    }
  }
}

package dev.proteus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.proteus.tensor.Tensor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/// Backward passes beside each other (rule AG-17).
public final class Gradients {
  private Gradients() {}

  /// Two passes that reach one leaf both add to its gradient.
  @JCStressTest
  @Outcome(id = "5", expect = ACCEPTABLE, desc = "both")
  @Outcome(expect = FORBIDDEN, desc = "one was lost")
  @State
  public static class BothAccumulate {
    private final Tensor leaf = Tensor.of(1.0).requiresGrad_(true);
    private final Tensor two = leaf.mul(2);
    private final Tensor three = leaf.mul(3);

    @Actor
    public void one() {
      two.backward();
    }

    @Actor
    public void other() {
      three.backward();
    }

    @Arbiter
    public void read(J_Result result) {
      result.r1 = leaf.grad().orElseThrow().itemLong();
    }
  }
}

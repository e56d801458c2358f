package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.NoDataException;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A sample called once with operands of one type and arrangement: results and gradients are the
/// oracle's, the meta device agrees, operands are as they were.
///
/// @param device where it is tried
record ValueTrial(Device device, Sample sample, Inputs inputs) {
  void run() {
    List<Inputs.Placed> placed = inputs.placed(device);
    List<byte[]> before = placed.stream().map(p -> bytes(p.base())).toList();
    List<Tensor> operands = placed.stream().map(Inputs.Placed::tensor).toList();
    List<Tensor> results = call(device, operands);
    assertNear(results, call(ReferenceProvider.DEVICE, oracle().on(ReferenceProvider.DEVICE)));
    checkStorage(operands, results);
    metaAgrees(results);
    gradients();
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(
          before.get(i), bytes(placed.get(i).base()), "operand " + i + " was changed");
      assertEquals(0, placed.get(i).base().version(), "the version of operand " + i);
    }
  }

  /// What the oracle starts from.
  private Inputs oracle() {
    return sample.is(Trait.OWN_TYPE) || sample.is(Trait.EXACT) ? inputs.dense() : inputs.wide();
  }

  private List<Tensor> call(Device on, List<Tensor> operands) {
    return Scope.on(on, () -> sample.call().apply(operands));
  }

  private void assertNear(List<Tensor> results, List<Tensor> expected) {
    assertEquals(expected.size(), results.size(), "number of results");
    Tolerance tolerance = sample.is(Trait.EXACT) ? new Tolerance(0, 0) : sample.tolerance();
    for (int i = 0; i < results.size(); i++) {
      TensorSubject.assertThat("result " + i, results.get(i)).isNear(expected.get(i), tolerance);
    }
  }

  private void checkStorage(List<Tensor> operands, List<Tensor> results) {
    for (Tensor result : results) {
      boolean shares = operands.stream().anyMatch(result::sharesStorageWith);
      if (!sample.is(Trait.MAY_ALIAS)) {
        assertEquals(sample.is(Trait.VIEW), shares, "whether a result reads an operand's storage");
      }
    }
  }

  private void metaAgrees(List<Tensor> results) {
    List<Tensor> operands = inputs.on(Device.META);
    if (sample.is(Trait.DATA_DEPENDENT)) {
      assertThrows(NoDataException.class, () -> call(Device.META, operands));
      return;
    }
    List<Tensor> inferred = call(Device.META, operands);
    assertEquals(inferred.size(), results.size(), "number of results on meta");
    for (int i = 0; i < results.size(); i++) {
      Tensor meta = inferred.get(i);
      assertEquals(meta.spec().withDevice(device), results.get(i).spec(), "spec of result " + i);
      assertEquals(
          meta.layout(), results.get(i).layout(), "layout of result " + i + " on meta, and here");
    }
  }

  private void gradients() {
    if (sample.is(Trait.NOT_DIFFERENTIABLE)) {
      call(device, leaves(inputs, device))
          .forEach(r -> assertFalse(r.requiresGrad(), "a result requires grad"));
    } else if (hasLeaves()) {
      List<Tensor> expected = gradients(inputs.wide(), ReferenceProvider.DEVICE);
      List<Tensor> actual = gradients(inputs, device);
      List<Tensor> meta = sample.is(Trait.DATA_DEPENDENT) ? actual : gradients(inputs, Device.META);
      for (int i = 0; i < actual.size(); i++) {
        TensorSubject.assertThat("gradient " + i, actual.get(i))
            .isNear(expected.get(i), sample.tolerance().ofGradient());
        assertEquals(
            meta.get(i).spec().withDevice(device), actual.get(i).spec(), "spec of gradient " + i);
      }
    }
  }

  private boolean hasLeaves() {
    return IntStream.range(0, inputs.operands().size()).anyMatch(i -> isLeaf(inputs, i));
  }

  private boolean isLeaf(Inputs of, int operand) {
    return sample.args().get(operand).hasGradient(of.operands().get(operand).dtype());
  }

  /// The gradients of operands, for random gradients of the results.
  private List<Tensor> gradients(Inputs of, Device on) {
    List<Tensor> leaves = leaves(of, on);
    List<Tensor> outputs = call(on, leaves).stream().filter(Tensor::requiresGrad).toList();
    assertFalse(outputs.isEmpty(), "no result requires grad");
    List<Tensor> grads = new ArrayList<>();
    for (Tensor output : outputs) {
      double[] drawn = new double[(int) output.numel()];
      Arrays.setAll(drawn, i -> 1 - 0.25 * (i * 5 % 7));
      grads.add(Inputs.Operand.dense(output.dtype(), output.shape(), drawn).on(on).tensor());
    }
    List<Tensor> wanted = leaves.stream().filter(Tensor::requiresGrad).toList();
    return Tensor.grad(
        outputs, wanted, grads, BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS));
  }

  /// The operands, those with a gradient as leaves of a graph.
  private List<Tensor> leaves(Inputs of, Device on) {
    List<Tensor> leaves = new ArrayList<>();
    List<Tensor> operands = of.on(on);
    for (int i = 0; i < operands.size(); i++) {
      leaves.add(isLeaf(of, i) ? operands.get(i).detach().requiresGrad_(true) : operands.get(i));
    }
    return leaves;
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.toBytes().toArray(ValueLayout.JAVA_BYTE);
  }
}

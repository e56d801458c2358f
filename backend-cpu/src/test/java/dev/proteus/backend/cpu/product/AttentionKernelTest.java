package dev.proteus.backend.cpu.product;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.cpu.CpuProvider;
import dev.proteus.backend.cpu.fast.Check;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.Attention;
import dev.proteus.op.Attention.Causality;
import dev.proteus.op.AttentionBackward;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [AttentionKernel] against the definitions.
final class AttentionKernelTest {
  private static final Shape TWO_HEADS = Shape.of(2);

  private static Given given(DType dtype, Lie lie, Shape batch, long rows, long columns) {
    return Given.of(dtype, batch.concat(Shape.of(rows, columns)).toArray()).lying(lie);
  }

  /// Heads of `queries` queries and `keys` keys of 24 elements, values of 20.
  private record Case(DType dtype, Lie lie, Shape batch, long queries, long keys) {
    static Case of(long queries, long keys) {
      return new Case(FLOAT32, Lie.CONTIGUOUS, TWO_HEADS, queries, keys);
    }

    void check(Causality causality, Given... masks) {
      List<Given> operands = new ArrayList<>();
      operands.add(given(dtype, lie, batch, queries, 24));
      operands.add(given(dtype, lie, batch, keys, 24));
      operands.add(given(dtype, lie, batch, keys, 20));
      operands.addAll(List.of(masks));
      Check.kernel(new Attention(0.6, causality), 1, operands.toArray(Given[]::new));
      operands.addFirst(given(dtype, lie, batch, queries, 20));
      Check.kernel(
          new AttentionBackward(0.6, causality, AttentionBackward.Mask.CONSTANT),
          2,
          operands.toArray(Given[]::new));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTIGUOUS", "TRANSPOSED", "STEPPED", "EXPANDED"})
  void everyLayout(Lie lie) {
    new Case(FLOAT32, lie, Shape.of(2, 3), 19, 33).check(Causality.FULL);
    new Case(FLOAT32, lie, TWO_HEADS, 37, 21).check(Causality.CAUSAL);
  }

  @ParameterizedTest
  @EnumSource
  void severalBlocksOfQueries(Causality causality) {
    Case.of(140, 150).check(causality);
    Case.of(130, 20).check(causality);
  }

  @Test
  void fewAndMany() {
    Case.of(1, 1).check(Causality.FULL);
    Case.of(1, 200).check(Causality.CAUSAL);
    Case.of(5, 2).check(Causality.CAUSAL);
  }

  @ParameterizedTest
  @EnumSource
  void masks(Causality causality) {
    Given keys = Given.of(BOOL, 40).from(0, 2);
    Given each = Given.of(BOOL, 2, 30, 40).from(0, 1.3).lying(Lie.TRANSPOSED);
    Given added = Given.of(FLOAT32, 30, 40).from(-4, 4);
    for (Given mask : List.of(keys, each, added)) {
      Case.of(30, 40).check(causality, mask);
    }
  }

  /// Rule 8.9: a query that sees no key gives zeros.
  @Test
  void nobodyIsSeen() {
    Case.of(4, 40).check(Causality.FULL, Given.of(BOOL, 4, 1).from(0, 2));
    Case.of(4, 40)
        .check(
            Causality.FULL,
            Given.of(FLOAT32, 40).from(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY));
  }

  @Test
  void halves() {
    new Case(BFLOAT16, Lie.CONTIGUOUS, TWO_HEADS, 40, 30).check(Causality.FULL);
    new Case(FLOAT16, Lie.TRANSPOSED, TWO_HEADS, 30, 40).check(Causality.CAUSAL);
  }

  @Test
  void heldByNan() {
    Given q = Given.of(FLOAT32, 2, 20, 24).withNan();
    Given k = Given.of(FLOAT32, 2, 30, 24);
    Check.kernel(new Attention(1, Causality.CAUSAL), 3, q, k, Given.of(FLOAT32, 2, 30, 20));
  }

  @Test
  void operandsThatAreRepeatedForHeads() {
    Given q = Given.of(FLOAT32, 3, 2, 20, 24);
    Given k = Given.of(FLOAT32, 2, 30, 24);
    Given v = Given.of(FLOAT32, 1, 1, 30, 20);
    Check.kernel(new Attention(1, Causality.FULL), 4, q, k, v);
  }

  @Test
  void leavesSumsOverHeadsToTheDefinition() {
    TensorSpec q = new TensorSpec(Shape.of(3, 4, 8), FLOAT32, Device.CPU);
    TensorSpec k = new TensorSpec(Shape.of(1, 5, 8), FLOAT32, Device.CPU);
    var op = new AttentionBackward(1, Causality.FULL, AttentionBackward.Mask.CONSTANT);
    assertTrue(new CpuProvider().open(0).fast(op, List.of(q, q, k, k)).isEmpty());
  }
}

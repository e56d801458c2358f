package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.DeviceMismatchException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Module;
import dev.proteus.op.Map;
import dev.proteus.op.MatMul;
import dev.proteus.op.Permute;
import dev.proteus.op.Sort;
import dev.proteus.optim.Sgd;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Tensors of user-defined kinds: what operators, autograd, swap, conversion and memory make of
/// them.
class KindTest {
  /// Integers times a scale.
  private record Scaled(Tensor elem, double scale) {}

  private static final Kind<Scaled> SCALED =
      Kind.<Scaled>named("Scaled")
          .showing(s -> s.elem().spec())
          .parts(
              s -> Parts.of("elem", s.elem()).and("scale", s.scale()),
              p -> new Scaled(p.tensor("elem"), p.number("scale")))
          .onCast((s, dtype) -> new Scaled(s.elem().to(dtype), s.scale()))
          .onModuleLoad((s, source) -> new Scaled(source.div(s.scale()), s.scale()))
          .on(
              dev.proteus.op.Linear.class,
              c -> c.input(0).linear(c.value(1).elem()).mul(c.value(1).scale()))
          .on(MatMul.class, KindTest::product)
          .on(Permute.class, c -> transposed(c))
          .build();

  private static Tensor product(KindCall<MatMul, Scaled> c) {
    return c.input(0).matmul(c.value(1).elem()).mul(c.value(1).scale());
  }

  private static Tensor transposed(KindCall<Permute, Scaled> c) {
    Scaled s = c.value(0);
    return SCALED.wrap(new Scaled(s.elem().call(c.op(), List.of(s.elem())), s.scale()));
  }

  /// The same values with every operator, by way of plain ones.
  private static final Kind<Scaled> OPEN =
      Kind.<Scaled>named("Open")
          .showing(s -> s.elem().spec())
          .parts(
              s -> Parts.of("elem", s.elem()).and("scale", s.scale()),
              p -> new Scaled(p.tensor("elem"), p.number("scale")))
          .onCast((s, dtype) -> new Scaled(s.elem().to(dtype), s.scale()))
          .onDequantize(s -> s.elem().mul(s.scale()))
          .otherwiseDequantized()
          .build();

  private static Tensor scaled(double... elem) {
    return SCALED.wrap(new Scaled(Tensor.of(elem), 0.5));
  }

  private static Scaled value(Tensor tensor) {
    return SCALED.unwrap(tensor).orElseThrow();
  }

  /// The message of the error that `action` must end with.
  private static String refused(Class<? extends Exception> type, Executable action) {
    return String.valueOf(assertThrows(type, action).getMessage());
  }

  private static Tensor matrix() {
    return SCALED.wrap(new Scaled(Tensor.of(new double[][] {{1, 2}, {3, 4}}), 0.5));
  }

  // ---- what it is

  @Test
  void sc10_sc11_sc15AKindShowsASpecAndHasNoElements() {
    Tensor t = scaled(2, 4);
    assertEquals(Tensor.of(0.0, 0.0).spec(), t.spec());
    assertSame(SCALED, Kind.of(t).orElseThrow());
    assertEquals(Optional.empty(), Kind.of(Tensor.of(1.0)));
    assertEquals(Optional.empty(), OPEN.unwrap(t));
    String error = refused(UnsupportedOperatorException.class, t::toDoubleArray);
    assertTrue(error.contains("Scaled"), error);
    assertThrows(UnsupportedOperatorException.class, () -> t.asStrided(t.shape(), 1));
    assertTrue(t.toString().startsWith("Scaled(size=[2]"), t::toString);
  }

  @Test
  void sc20AValueIsDataAndSurvivesItsParts() {
    Parts parts = SCALED.parts(scaled(2, 4));
    assertEquals(List.of("elem"), List.copyOf(parts.tensors().keySet()));
    assertEquals("0.5", parts.text("scale"));
    assertArrayEquals(new double[] {2, 4}, value(SCALED.assemble(parts)).elem().toDoubleArray());
  }

  @Test
  void sc23AValueThatShowsAnotherDeviceThanItsPartsIsRefused() {
    Kind<Tensor> liar =
        Kind.<Tensor>named("Liar")
            .showing(t -> t.spec().withDevice(Device.META))
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .build();
    String error = refused(IllegalStateException.class, () -> liar.wrap(Tensor.of(1.0)));
    assertTrue(error.contains("Liar"), error);
    assertTrue(error.contains("meta"), error);
  }

  @Test
  void sc23AKindThatForgetsToConvertItsValueIsRefused() {
    Kind<Tensor> forgetful =
        Kind.<Tensor>named("Forgetful")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .onCast((t, dtype) -> t)
            .build();
    Tensor t = forgetful.wrap(Tensor.of(1.0));
    String error = refused(IllegalStateException.class, () -> t.to(DType.BFLOAT16));
    assertTrue(error.contains("bfloat16"), error);
    assertTrue(error.contains("float32"), error);
  }

  @Test
  void sc23OneResultForAnOperatorOfTwoIsRefused() {
    Kind<Tensor> single =
        Kind.<Tensor>named("Single")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .on(Sort.class, c -> c.value(0))
            .build();
    Tensor t = single.wrap(Tensor.of(2.0, 1.0));
    String error = refused(IllegalStateException.class, () -> t.sort(0));
    assertTrue(error.contains("Single") && error.contains("int64"), error);
  }

  @Test
  void sc22AViewOfAKindMustShareItsStorage() {
    Tensor m = matrix();
    assertTrue(value(m.mT()).elem().sharesStorageWith(value(m).elem()));
    Kind<Tensor> copying =
        Kind.<Tensor>named("Copying")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .on(Permute.class, c -> c.value(0).call(c.op(), List.of(c.value(0))).clone())
            .build();
    Tensor c = copying.wrap(Tensor.of(new double[][] {{1, 2}, {3, 4}}));
    assertThrows(IllegalStateException.class, c::mT);
  }

  // ---- operators

  @Test
  void sc16AnOperatorThatAKindLacksNamesBoth() {
    String error = refused(UnsupportedOperatorException.class, () -> scaled(1, 2).add(1));
    assertTrue(error.contains("Scaled"), error);
    assertTrue(error.startsWith("add"), error);
    assertThrows(UnsupportedOperatorException.class, () -> scaled(1, 2).unsqueeze(0));
    assertThrows(UnsupportedOperatorException.class, () -> scaled(1, 2).sum());
  }

  @Test
  void sc21CopiesMovesAndAliasesReachTheParts() {
    Tensor t = scaled(2, 4);
    assertEquals(DType.BFLOAT16, value(t.to(DType.BFLOAT16)).elem().dtype());
    assertEquals(Device.META, value(t.to(Device.META)).elem().device());
    assertFalse(value(t.clone()).elem().sharesStorageWith(value(t).elem()));
    assertTrue(value(t.detach()).elem().sharesStorageWith(value(t).elem()));
    assertThrows(NoDataException.class, () -> t.to(Device.META).to(ReferenceProvider.DEVICE));
  }

  @Test
  void sc2AnOperatorOfTheTableComputesOnTheValue() {
    Tensor x = Tensor.of(new double[][] {{1, 1}});
    assertArrayEquals(new double[] {1.5, 3.5}, x.linear(matrix()).toDoubleArray());
    assertArrayEquals(new double[] {2, 3}, x.matmul(matrix()).toDoubleArray());
    assertArrayEquals(new double[] {1.5, 3.5}, x.matmul(matrix().mT()).toDoubleArray());
  }

  @Test
  void sc4UnrelatedKindsInOneCallAreAnErrorUntilOneOverridesTheOther() {
    Tensor a = OPEN.wrap(new Scaled(Tensor.of(2.0), 0.5));
    String error = refused(UnsupportedOperatorException.class, () -> a.mul(scaled(1)));
    assertTrue(error.contains("Open and Scaled"), error);
    Kind<Tensor> above =
        Kind.<Tensor>named("Above")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .on(Map.class, c -> c.value(1))
            .overrides(OPEN)
            .build();
    Tensor b = above.wrap(Tensor.of(7.0));
    assertEquals(7.0, a.mul(b).item(), "the overriding kind answers also as second operand");
  }

  @Test
  void sc8_sc6ParametersAndResultsArePlainAndNothingInsideIsRecorded() {
    Parameter w = Parameter.of(matrix());
    assertSame(SCALED, Kind.of(w).orElseThrow());
    Tensor x = Tensor.of(new double[][] {{1, 2}}).requiresGrad_(true);
    Tensor y = x.linear(w);
    assertEquals(Optional.empty(), Kind.of(y));
    assertTrue(y.toString().contains("gradFn=linear"), y::toString);
    y.sum().backward();
    assertArrayEquals(new double[] {2, 3}, x.grad().orElseThrow().toDoubleArray());
    assertArrayEquals(new double[] {1, 2, 1, 2}, w.grad().orElseThrow().toDoubleArray());
    assertFalse(value(w).elem().requiresGrad());
  }

  @Test
  void sc1_sc3_sc24InterpretersSeeTheCallAsWrittenBeforeTheKind() {
    List<String> seen = new ArrayList<>();
    Interpreter watch =
        call -> {
          seen.add(call.op().name());
          return call.proceed();
        };
    Tensor x = Tensor.of(new double[][] {{1, 1}});
    Tensor m = matrix();
    Scope.with(watch, () -> x.linear(m));
    assertEquals(List.of("linear"), seen);
  }

  @Test
  void sc12OtherwiseDequantizedRunsEverythingOnPlainValues() {
    Tensor t = OPEN.wrap(new Scaled(Tensor.of(2.0, 4.0), 0.5));
    assertArrayEquals(new double[] {1, 2}, t.toDoubleArray());
    assertArrayEquals(new double[] {2, 3}, t.add(1).toDoubleArray());
    assertEquals(3.0, t.sum().item());
    assertArrayEquals(new double[] {2, 1}, t.flip(0).toDoubleArray());
    assertEquals(2, t.chunk(2, 0).size());
    assertTrue(t.equal(Tensor.of(1.0, 2.0)));
  }

  @Test
  void errorsOfShapesAndDevicesAreThoseOfPlainTensors() {
    Tensor x = Tensor.of(new double[][] {{1, 1, 1}});
    assertThrows(ShapeException.class, () -> x.linear(matrix()));
    Tensor y = x.narrow(1, 0, 2).to(Device.META);
    assertThrows(DeviceMismatchException.class, () -> y.linear(matrix()));
  }

  // ---- in place

  @Test
  void sc8InPlaceWritesIntoThePartsAndReturnsTheTensorItself() {
    Tensor t = scaled(2, 4);
    Tensor alias = t.detach();
    int version = t.version();
    assertSame(t, t.copy_(Tensor.of(1.0, 3.0)));
    assertArrayEquals(new double[] {2, 6}, value(alias).elem().toDoubleArray());
    assertEquals(version + 1, t.version());
    t.copy_(scaled(8, 9));
    assertArrayEquals(new double[] {8, 9}, value(alias).elem().toDoubleArray());
    Tensor other = SCALED.wrap(new Scaled(Tensor.of(1.0, 1.0), 0.25));
    assertThrows(DTypeException.class, () -> t.copy_(other));
    assertArrayEquals(new double[] {8, 9}, value(t).elem().toDoubleArray());
  }

  @Test
  void sd45APlainTensorTakesAKindOnlyIfItDequantizes() {
    Tensor plain = Tensor.zeros(2);
    plain.copy_(OPEN.wrap(new Scaled(Tensor.of(2.0, 4.0), 0.5)));
    assertArrayEquals(new double[] {1, 2}, plain.toDoubleArray());
    assertThrows(UnsupportedOperatorException.class, () -> plain.copy_(scaled(5, 5)));
    assertArrayEquals(new double[] {1, 2}, plain.toDoubleArray());
  }

  // ---- swap, conversion, memory

  @Test
  void sw15ContentOfAKindSwapsWithPlainContent() {
    Tensor a = scaled(2, 4);
    Tensor b = Tensor.of(1.0, 2.0, 3.0);
    Tensor.swap(a, b);
    assertArrayEquals(new double[] {1, 2, 3}, a.toDoubleArray());
    assertArrayEquals(new double[] {2, 4}, value(b).elem().toDoubleArray());
  }

  @Test
  void sc13_to25AModuleWithAKindConvertsOutsideAndInside() {
    Linear layer = new Linear(2, 2);
    Tensor.replace(layer.weight(), matrix());
    Parameter weight = layer.weight();
    Module converted = layer.to(DType.BFLOAT16);
    assertSame(layer, converted);
    assertSame(weight, layer.weight());
    assertTrue(weight.requiresGrad());
    assertEquals(DType.BFLOAT16, weight.dtype());
    assertEquals(DType.BFLOAT16, value(weight).elem().dtype());
    assertEquals(DType.BFLOAT16, layer.bias().orElseThrow().dtype());
    Tensor y = layer.forward(Tensor.ones(1, 2).to(DType.BFLOAT16));
    assertEquals(DType.BFLOAT16, y.dtype());
    layer.toEmpty(Device.META);
    assertEquals(Device.META, value(weight).elem().device());
  }

  @Test
  void sc5AResultIsOfAKindOnlyWhereTheKindSaysSo() {
    Tensor m = matrix();
    assertSame(SCALED, Kind.of(m.mT()).orElseThrow());
    assertTrue(Kind.of(Tensor.ones(1, 2).matmul(m)).isEmpty());
    assertTrue(Kind.of(OPEN.wrap(new Scaled(Tensor.of(1.0), 2)).add(1)).isEmpty());
  }

  @Test
  void sc14AKindIsAskedOnceForAConversionAndNeverForParametersAndStateDicts() {
    AtomicInteger casts = new AtomicInteger();
    Kind<Tensor> counting =
        Kind.<Tensor>named("Counting")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("elem", t), p -> p.tensor("elem"))
            .onCast((t, dtype) -> {
              casts.incrementAndGet();
              return t.to(dtype);
            })
            .build();
    Linear layer = new Linear(2, 2);
    Tensor.replace(layer.weight(), counting.wrap(layer.weight().detach()));
    layer.stateDict();
    Parameter.of(layer.weight());
    assertEquals(0, casts.get());
    layer.to(DType.FLOAT64);
    layer.to(DType.FLOAT64);
    assertEquals(1, casts.get());
  }

  @Test
  void sc17AModuleWithAKindTrainsTheRestPrintsAndCopies() {
    Linear layer = new Linear(2, 2);
    Tensor.replace(layer.weight(), matrix());
    layer.weight().requiresGrad_(false);
    Sgd optimizer = new Sgd(layer.parameters(), 0.5);
    Tensor x = Tensor.ones(1, 2);
    Tensor bias = layer.bias().orElseThrow().detach().clone();
    layer.forward(x).sum().backward();
    optimizer.step();
    assertArrayEquals(
        bias.sub(0.5).toDoubleArray(), layer.bias().orElseThrow().toDoubleArray(), 1e-6);
    assertArrayEquals(new double[] {1, 2, 3, 4}, value(layer.weight()).elem().toDoubleArray());
    assertTrue(layer.weight().toString().startsWith("Scaled("), layer.weight()::toString);
    assertTrue(layer.stateDict().toString().contains("weight"));
  }

  @Test
  void sd13AStateDictKeepsTheKind() {
    Linear layer = new Linear(2, 2);
    Tensor.replace(layer.weight(), matrix());
    Tensor saved = layer.stateDict().get("weight");
    assertSame(SCALED, Kind.of(saved).orElseThrow());
    assertNotSame(layer.weight(), saved);
    assertFalse(saved instanceof Parameter);
    assertSame(SCALED, Kind.of(layer.stateDict().copy().get("weight")).orElseThrow());
  }

  @Test
  void ag20AWriteIntoAViewOfAKindCountsForItsBase() {
    Tensor base = SCALED.wrap(new Scaled(Tensor.of(new double[][] {{1, 2}, {3, 4}}), 0.5));
    Tensor view = base.t();
    Tensor x = Tensor.ones(1, 2).requiresGrad_(true);
    Tensor y = x.linear(base).sum();
    int before = base.version();
    view.copy_(Tensor.ones(2, 2));
    assertEquals(before + 1, base.version());
    assertThrows(AutogradException.class, y::backward);
  }
}

package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.optim.Sgd;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.KindBuilder;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// State dicts and modules of which one side, or both, are of a kind: the extension point
/// `moduleLoad`.
class KindLoadingTest {
  /// Values times a factor of their own.
  private record Scaled(Tensor elem, double scale) {}

  private static KindBuilder<Scaled> scaled(String name) {
    return Kind.<Scaled>named(name)
        .showing(s -> s.elem().spec())
        .parts(
            s -> Parts.of("elem", s.elem()).and("scale", s.scale()),
            p -> new Scaled(p.tensor("elem"), p.number("scale")))
        .onCast((s, dtype) -> new Scaled(s.elem().to(dtype), s.scale()));
  }

  private static final Kind<Scaled> A =
      scaled("A")
          .onModuleLoad((dest, source) -> new Scaled(source.div(dest.scale()), dest.scale()))
          .onDequantize(s -> s.elem().mul(s.scale()))
          .build();

  private static final Kind<Scaled> B =
      scaled("B")
          .onModuleLoad((dest, source) -> new Scaled(source.div(dest.scale()), dest.scale()))
          .onDequantize(s -> s.elem().mul(s.scale()))
          .build();

  /// Knows only itself.
  private static final Kind<Scaled> CLOSED = scaled("Closed").build();

  private static Linear plain(double a, double b) {
    Linear layer = new Linear(2, 1, Bias.NONE);
    layer.load(StateDict.of(Map.of("weight", Tensor.of(new double[][] {{a, b}}))));
    return layer;
  }

  private static Linear of(Kind<Scaled> kind, double scale, double a, double b) {
    Linear layer = plain(a, b);
    Tensor weight = layer.weight().detach().div(scale);
    Tensor.replace(layer.weight(), kind.wrap(new Scaled(weight, scale)));
    return layer;
  }

  private static double[] elem(Kind<Scaled> kind, Tensor weight) {
    return kind.unwrap(weight).orElseThrow().elem().toDoubleArray();
  }

  @Test
  void sd40_sd41AKindMakesItsContentOfPlainValues() {
    Linear target = of(A, 0.5, 1, 1);
    Parameter weight = target.weight();
    StateDict source = plain(3, 4).stateDict();
    target.load(source);
    assertSame(weight, target.weight());
    assertArrayEquals(new double[] {6, 8}, elem(A, weight));
    target.load(plain(5, 6).stateDict(), LoadOptions.DEFAULT.assign());
    assertArrayEquals(new double[] {10, 12}, elem(A, weight), "also where values are assigned");
    assertArrayEquals(new double[] {3, 4}, source.get("weight").toDoubleArray());
  }

  @Test
  void sd43APlainTensorStaysPlainByCopyAndBecomesTheKindByAssignment() {
    Linear target = plain(1, 1);
    Parameter weight = target.weight();
    target.load(of(A, 0.5, 3, 4).stateDict());
    assertTrue(Kind.of(weight).isEmpty());
    assertArrayEquals(new double[] {3, 4}, weight.toDoubleArray());
    target.load(of(A, 0.5, 7, 8).stateDict(), LoadOptions.DEFAULT.assign());
    assertSame(weight, target.weight());
    assertInstanceOf(Parameter.class, target.weight());
    assertSame(A, Kind.of(weight).orElseThrow());
    assertArrayEquals(new double[] {14, 16}, elem(A, weight));
  }

  @Test
  void sd43OneKindOnBothSidesIsCopiedOrShared() {
    Linear target = of(A, 0.5, 1, 1);
    Linear source = of(A, 0.25, 3, 4);
    target.load(source.stateDict());
    assertArrayEquals(new double[] {12, 16}, elem(A, target.weight()));
    assertFalse(sharesElements(target, source));
    target.load(source.stateDict(), LoadOptions.DEFAULT.assign());
    assertTrue(sharesElements(target, source));
  }

  private static boolean sharesElements(Linear a, Linear b) {
    Tensor first = A.unwrap(a.weight()).orElseThrow().elem();
    return first.sharesStorageWith(A.unwrap(b.weight()).orElseThrow().elem());
  }

  @Test
  void sd43TwoKindsThatKnowNothingOfEachOtherExchangePlainValues() {
    Linear target = of(A, 0.5, 1, 1);
    target.load(of(B, 0.25, 3, 4).stateDict());
    assertArrayEquals(new double[] {6, 8}, elem(A, target.weight()), "its own kind and scale");
    target.load(of(B, 0.25, 3, 4).stateDict(), LoadOptions.DEFAULT.assign());
    assertArrayEquals(new double[] {12, 16}, elem(B, target.weight()), "the kind assigned");
  }

  @Test
  void sd45AKindThatDoesNotSayHowIsALineOfTheErrorAndNothingChanges() {
    Sequential target = new Sequential(plain(1, 1), of(CLOSED, 0.5, 1, 1));
    Sequential source = new Sequential(plain(3, 4), plain(3, 4));
    var error = assertThrows(StateDictException.class, () -> target.load(source.stateDict()));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("1.weight"), message);
    assertTrue(message.contains("Closed"), message);
    assertArrayEquals(new double[] {1, 1}, target.parameter("0.weight").toDoubleArray());
    assertArrayEquals(new double[] {2, 2}, elem(CLOSED, target.parameter("1.weight")));
  }

  @Test
  void sd25_sd45APartialLoadSaysOnceWhatCouldNotBeTaken() {
    Sequential target = new Sequential(plain(1, 1), of(CLOSED, 0.5, 1, 1));
    Sequential source = new Sequential(plain(3, 4), plain(3, 4));
    var error =
        assertThrows(
            StateDictException.class,
            () -> target.load(source.stateDict(), LoadOptions.DEFAULT.partial()));
    String message = String.valueOf(error.getMessage());
    assertEquals(message.indexOf("1.weight"), message.lastIndexOf("1.weight"), message);
    assertFalse(message.contains("nothing has changed"), message);
    assertArrayEquals(new double[] {3, 4}, target.parameter("0.weight").toDoubleArray());
  }

  @Test
  void sd30_sd41ACopyNeverSharesWhatAKindTakesOver() {
    Kind<Scaled> taking = scaled("Taking").onModuleLoad((d, s) -> new Scaled(s, d.scale())).build();
    Linear target = of(taking, 1, 1, 1);
    StateDict source = plain(3, 4).stateDict();
    target.load(source);
    taking.unwrap(target.weight()).orElseThrow().elem().zero_();
    assertArrayEquals(new double[] {3, 4}, source.get("weight").toDoubleArray());
  }

  @Test
  void sd42WhatAKindGivesIsAlwaysAContentOfItsOwn() {
    Kind<Scaled> lazy = scaled("Lazy").onModuleLoad((dest, _) -> dest).build();
    Linear target = of(lazy, 0.5, 1, 2);
    target.load(plain(3, 4).stateDict());
    assertArrayEquals(new double[] {2, 4}, elem(lazy, target.weight()));
    target.to(DType.BFLOAT16);
    assertEquals(DType.BFLOAT16, target.weight().dtype());
  }

  @Test
  void sd41_md14ASkeletonOnMetaComesToLifeAsTheKind() {
    Sequential skeleton =
        Scope.on(Device.META, () -> new Sequential(new Linear(2, 1), new Linear(1, 1)));
    for (String path : List.of("0.weight", "1.weight")) {
      Parameter weight = skeleton.parameter(path);
      Tensor.replace(weight, A.wrap(new Scaled(weight.detach(), 0.5)));
    }
    Sgd optimizer = new Sgd(skeleton.parameters(), 0.1);
    Sequential trained = new Sequential(new Linear(2, 1), new Linear(1, 1));
    LoadReport report = skeleton.load(trained.stateDict(), LoadOptions.DEFAULT.assign());
    assertEquals(List.of(), report.stillMeta());
    Parameter weight = skeleton.parameter("0.weight");
    assertArrayEquals(trained.parameter("0.weight").mul(2).toDoubleArray(), elem(A, weight), 1e-6);
    assertTrue(Kind.of(skeleton.parameter("0.bias")).isEmpty());
    assertTrue(weight.requiresGrad());
    assertSame(weight, optimizer.groups().getFirst().parameters().getFirst());
  }

  @Test
  void sd35TiedValuesOfAKindConflictWhereTheyDiffer() {
    Linear shared = of(A, 0.5, 1, 2);
    Module tied = new Sequential(shared, shared);
    Tensor same = of(A, 0.5, 3, 4).weight();
    Tensor equal = of(A, 0.5, 3, 4).weight();
    Tensor scaled = of(A, 0.25, 3, 4).weight();
    Tensor other = of(A, 0.5, 3, 5).weight();
    assertEquals(List.of(), conflicts(tied, same, same));
    assertEquals(List.of(), conflicts(tied, same, equal));
    assertEquals(List.of("1.weight"), conflicts(tied, same, other));
    assertEquals(List.of("1.weight"), conflicts(tied, same, scaled));
    assertEquals(List.of("1.weight"), conflicts(tied, same, plain(3, 4).weight()));
  }

  private static List<String> conflicts(Module tied, Tensor first, Tensor second) {
    return tied.load(StateDict.builder().put("0.weight", first).put("1.weight", second).build())
        .conflicting();
  }
}

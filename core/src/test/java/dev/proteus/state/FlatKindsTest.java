package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tensors of kinds in the form that files have.
class FlatKindsTest {
  private static final Tensor WEIGHT =
      Int8Weight.quantize(Tensor.of(new double[][] {{1, 2, 3}, {-4, 5, 6}}));
  private static final StateDict DICT =
      StateDict.builder()
          .put("bias", Tensor.ones(2))
          .put("fc.weight", WEIGHT)
          .put("fc.bias", Tensor.zeros(2))
          .put("out.weight", Int4Weight.quantize(Tensor.ones(2, 40).to(DType.BFLOAT16)))
          .metadata("epochs", "3")
          .version("fc", 2)
          .build();

  private static final List<Kind<?>> KINDS = List.of(Int4Weight.KIND, Int8Weight.KIND);

  private static String message(StateDict flat, Kind<?>... kinds) {
    var error = assertThrows(StateDictException.class, () -> flat.unflattened(List.of(kinds)));
    return String.valueOf(error.getMessage());
  }

  @Test
  @DisplayName("SC-15, SC-20 a tensor of a kind is written as its parts, and metadata names it")
  void flat() {
    StateDict flat = DICT.flattened();
    assertEquals(
        List.of(
            "bias",
            "fc.weight.values",
            "fc.weight.scale",
            "fc.bias",
            "out.weight.values",
            "out.weight.scale",
            "out.weight.minimum"),
        List.copyOf(flat.tensors().keySet()));
    assertEquals("3", flat.metadata().get("epochs"));
    assertEquals("Int8Weight", flat.metadata().get("proteus.kind.fc.weight"));
    assertEquals("float32", flat.metadata().get("proteus.attribute.fc.weight.dtype"));
    assertEquals("40", flat.metadata().get("proteus.attribute.out.weight.in"));
    assertEquals(OptionalInt.of(2), flat.version("fc"));
    assertTrue(flat.tensors().values().stream().allMatch(t -> Kind.of(t).isEmpty()));
  }

  @Test
  @DisplayName("SC-20 and is put together again, in its place")
  void andBack() {
    StateDict back = DICT.flattened().unflattened(KINDS);
    assertEquals(List.copyOf(DICT.tensors().keySet()), List.copyOf(back.tensors().keySet()));
    assertEquals(DICT.metadata(), back.metadata());
    assertEquals(DICT.versions(), back.versions());
    assertSame(Int8Weight.KIND, Kind.of(back.get("fc.weight")).orElseThrow());
    assertArrayEquals(WEIGHT.toDoubleArray(), back.get("fc.weight").toDoubleArray());
    assertEquals(DICT.get("out.weight").spec(), back.get("out.weight").spec());
  }

  @Test
  @DisplayName("SC-15 a part that is of a kind is written by its parts, too")
  void kindsOfKinds() {
    Kind<Tensor> twice =
        Kind.<Tensor>named("Twice")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("half", t).and("by", 2), p -> p.tensor("half"))
            .build();
    StateDict state =
        StateDict.builder()
            .put("w", twice.wrap(twice.wrap(WEIGHT)))
            .put("bias", Tensor.ones(1))
            .build();
    StateDict flat = state.flattened();
    assertEquals(
        List.of("w.half.half.values", "w.half.half.scale", "bias"),
        List.copyOf(flat.tensors().keySet()));
    StateDict back = flat.unflattened(List.of(twice, Int8Weight.KIND));
    assertEquals(List.of("w", "bias"), List.copyOf(back.tensors().keySet()));
    Tensor half = twice.unwrap(back.get("w")).orElseThrow();
    Tensor quarter = twice.unwrap(half).orElseThrow();
    assertSame(Int8Weight.KIND, Kind.of(quarter).orElseThrow());
    assertArrayEquals(WEIGHT.toDoubleArray(), quarter.toDoubleArray());
  }

  @Test
  void whatHasNoKindsStaysItself() {
    StateDict plain = StateDict.builder().put("a", Tensor.ones(1)).metadata("k", "v").build();
    assertSame(plain, plain.flattened());
    assertSame(plain, plain.unflattened(List.of(Int8Weight.KIND)));
  }

  @Test
  void aKindThatIsNotGivenIsNamed() {
    String message = message(DICT.flattened(), Int8Weight.KIND);
    assertTrue(message.contains("Int4Weight"), message);
    assertTrue(message.contains("out.weight"), message);
  }

  @Test
  void damagedPartsNameTheTensor() {
    StateDict flat = DICT.flattened();
    Kind<?>[] kinds = {Int4Weight.KIND, Int8Weight.KIND};
    for (StateDict damaged :
        List.of(
            flat.without("fc.weight.scale"),
            flat.with("fc.weight.scale", Tensor.ones(7)),
            flat.with("fc.weight.values", Tensor.ones(2, 3)),
            flat.toBuilder().metadata("proteus.attribute.fc.weight.dtype", "real").build(),
            flat.toBuilder().metadata("proteus.attribute.fc.weight.dtype", "int64").build())) {
      String message = message(damaged, kinds);
      assertTrue(message.contains("'fc.weight' is no Int8Weight"), message);
    }
    String message =
        message(
            flat.toBuilder().metadata("proteus.attribute.out.weight.in", "many").build(), kinds);
    assertTrue(message.contains("'out.weight' is no Int4Weight"), message);
  }

  @Test
  void namesThatPartsNeedMustBeFree() {
    StateDict taken = DICT.with("fc.weight.more", Tensor.ones(1));
    var error = assertThrows(StateDictException.class, taken::flattened);
    assertTrue(String.valueOf(error.getMessage()).contains("fc.weight.more"), error::getMessage);
    Kind<Tensor> dotted =
        Kind.<Tensor>named("Dotted")
            .showing(Tensor::spec)
            .parts(t -> Parts.of("a.b", t), p -> p.tensor("a.b"))
            .build();
    StateDict state = StateDict.builder().put("x", dotted.wrap(Tensor.ones(1))).build();
    assertThrows(StateDictException.class, state::flattened);
  }

  @Test
  @DisplayName("SC-20 whoever writes a file writes kinds by their parts")
  void everyWriterFlattens(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.safetensors");
    SafeTensors.write(file, DICT);
    Path index = folder.resolve("b.safetensors.index.json");
    ShardedSafeTensors.write(index, DICT, 64);
    for (StateDict read : List.of(SafeTensors.read(file), ShardedSafeTensors.read(index))) {
      Tensor weight = read.unflattened(KINDS).get("fc.weight");
      assertSame(Int8Weight.KIND, Kind.of(weight).orElseThrow());
      assertArrayEquals(WEIGHT.toDoubleArray(), weight.toDoubleArray());
    }
    Path npz = folder.resolve("c.npz");
    assertThrows(StateDictException.class, () -> Npz.write(npz, DICT));
    assertFalse(Files.exists(npz));
  }

  @Test
  @DisplayName("SD-64 what has no shape is refused by name, and nothing is written")
  void theUninitializedIsRefused(@TempDir Path folder) {
    StateDict lazy = StateDict.builder().put("fc.weight", Parameter.uninitialized()).build();
    for (String name : List.of("a.safetensors", "a.npz")) {
      Path file = folder.resolve(name);
      var error = assertThrows(NoDataException.class, () -> lazy.save(file));
      assertEquals(
          "save: 'fc.weight' is uninitialized and has no data", String.valueOf(error.getMessage()));
      assertFalse(Files.exists(file));
    }
  }
}

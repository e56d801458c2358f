package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Product;
import dev.proteus.codegen.Tile;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Runs products of matrices: packs the left operand, then multiplies. Where loops go by chunks
/// each item has room for the panel that it packs for itself.
final class Products {
  /// Terms that take about as long as an element of a map.
  private static final long TERMS = 8;

  private Products() {}

  /// The buffers of a product.
  ///
  /// @param bias read only if the product has one
  record Buffers(Buffer left, Buffer right, Buffer bias, Buffer result) {}

  static void run(OpenClBackend backend, Product product, Buffers buffers) {
    Programs programs = backend.programs();
    DType dtype = product.right().dtype();
    Tile tile = Tile.of(dtype, programs.vectorBytes());
    Product.Cut cut = product.cut(programs.loops(), tile, programs.enough());
    long work =
        product.count() * product.m() * product.n() * product.k() * product.blocks() / TERMS;
    long packed = product.packed(tile);
    try (Scratch scratch = new Scratch(backend)) {
      Buffer left = OpenClStorage.buffer(scratch.of(dtype.accumulator(), packed));
      programs.launch(
          programs.entry(product.packing(tile)),
          List.of(buffers.left(), left),
          product.packingWords(),
          packed);
      List<Buffer> all =
          new ArrayList<>(List.of(left, buffers.right(), buffers.bias(), buffers.result()));
      switch (programs.loops()) {
        case CHUNKS -> {
          long panels = programs.teams(cut.tasks(), work);
          long panel = product.k() * tile.columns();
          all.add(OpenClStorage.buffer(scratch.of(dtype.accumulator(), panels * panel)));
        }
        case STRIPES -> {}
      }
      programs.launchTeams(
          programs.entry(product.source(tile)), all, product.words(tile, cut), cut.tasks(), work);
    }
  }
}

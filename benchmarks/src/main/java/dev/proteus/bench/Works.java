package dev.proteus.bench;

import dev.proteus.bench.Work.Unit;
import java.util.List;

/// The work list.
///
/// MLP: 784-512-256-10, ReLU, batch 128. LeNet: batch 64. A training step is zeroGrad, forward,
/// cross entropy, backward, optimizer (momentum 0.9). Encoder block: batch 8, sequence 128, width
/// 384, 12 heads, feed-forward 1536, post-norm, GELU. Convolution: 8 images of 64×56×56, 64 filters
/// of 3×3, padding 1. Quantized: weights of 4096×4096.
final class Works {
  private static final double MI = 1 << 20;
  private static final double CONV = 2.0 * 8 * 64 * 56 * 56 * 64 * 9;
  private static final double ENCODER =
      2.0 * 1024 * (4.0 * 384 * 384 + 2.0 * 384 * 1536) + 4.0 * 8 * 128 * 128 * 384;

  static final List<Work> ALL =
      List.of(
          flops("gemm", "matmul 128", 2.0 * 128 * 128 * 128),
          flops("gemm", "matmul 512", 2.0 * 512 * 512 * 512),
          flops("gemm", "matmul 1024", 2.0 * 1024 * 1024 * 1024),
          flops("gemm", "matmul 2048", 2.0 * 2048 * 2048 * 2048),
          flops("gemm", "matmul 1x1024 . 1024x1024", 2.0 * 1024 * 1024),
          flops("gemm", "matmul 32x784 . 784x256", 2.0 * 32 * 784 * 256),
          flops("gemm", "matmul 1024 float64", 2.0 * 1024 * 1024 * 1024),
          flops("gemm", "bmm 96 x 128x64 . 64x128", 2.0 * 96 * 128 * 64 * 128),
          flops("gemm", "matmul 256 bfloat16", 2.0 * 256 * 256 * 256),
          flops("quantized", "linear 1x4096, float32", 2.0 * 16 * MI),
          flops("quantized", "linear 1x4096, int8", 2.0 * 16 * MI),
          flops("quantized", "linear 1x4096, int4", 2.0 * 16 * MI),
          flops("quantized", "linear 256x4096, float32", 2.0 * 256 * 16 * MI),
          flops("quantized", "linear 256x4096, int8", 2.0 * 256 * 16 * MI),
          flops("quantized", "linear 256x4096, int4", 2.0 * 256 * 16 * MI),
          bytes("elementwise", "add 16M", 12 * 16 * MI),
          bytes("elementwise", "add 4096x4096 + 4096", 8 * 16 * MI),
          bytes("elementwise", "add 256K", 12 * MI / 4),
          bytes("elementwise", "exp 4M", 8 * 4 * MI),
          bytes("elementwise", "gelu 4M", 8 * 4 * MI),
          bytes("elementwise", "gelu chain 4M", 8 * 4 * MI),
          bytes("elementwise", "contiguous of transpose 4096x4096", 8 * 16 * MI),
          bytes("reduce", "sum all 16M", 4 * 16 * MI),
          bytes("reduce", "sum axis 0 4096x4096", 4 * 16 * MI),
          bytes("reduce", "sum axis 1 4096x4096", 4 * 16 * MI),
          bytes("reduce", "softmax 4096x1024", 8 * 4 * MI),
          bytes("reduce", "layerNorm 4096x768", 8 * 4096 * 768.0),
          bytes("reduce", "argmax axis 1 4096x4096", 4 * 16 * MI),
          flops("conv", "conv2d forward", CONV),
          flops("conv", "conv2d forward + backward", 3 * CONV),
          flops("encoder", "encoder block 8x128x384", ENCODER),
          step("train", "MLP forward"),
          step("train", "MLP SGD"),
          step("train", "MLP Adam"),
          step("train", "LeNet forward"),
          step("train", "LeNet SGD"),
          step("train", "LeNet Adam"),
          step("overhead", "1,000 x add 8"),
          step("overhead", "add 8"),
          step("overhead", "add 8, with grad"),
          step("overhead", "backward on 8"),
          bytes("cast", "20 x Linear 1024 to float64 and back", 20 * 24 * MI),
          bytes("cast", "20 x Linear 1024 to bfloat16 and back", 20 * 12 * MI),
          step("identity", "swap of two handles"),
          step("identity", "to the same device and type, 1,000 parameters"),
          step("identity", "map a file of 512 MiB and assign it"),
          step("identity", "linear 8x8"),
          step("identity", "linear 8x8 of a kind"));

  private Works() {}

  private static Work flops(String group, String name, double amount) {
    return new Work(group, name, Unit.FLOP, amount);
  }

  private static Work bytes(String group, String name, double amount) {
    return new Work(group, name, Unit.BYTE, amount);
  }

  private static Work step(String group, String name) {
    return new Work(group, name, Unit.STEP, 1);
  }

  /// The works whose group or name contains `filter`.
  static List<Work> matching(String filter) {
    return ALL.stream()
        .filter(w -> w.group().contains(filter) || w.name().contains(filter))
        .toList();
  }
}

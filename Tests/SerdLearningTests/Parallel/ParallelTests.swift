import SerdLearning
import Testing

@Suite struct ParallelTests {
  @Test("OpenBLAS's kernels go by the processor's flags")
  func kernelsFollowTheProcessorsFlags() {
    let modern = "model name\t: X\nflags\t\t: fpu avx2 fma avx512f avx512bw avx512dq avx512vl\n"
    #expect(OpenBLASCore.core(forProcessors: modern) == "SkylakeX")
    #expect(OpenBLASCore.core(forProcessors: "flags\t\t: fpu avx2 fma avx512f\n") == "Haswell")
    #expect(OpenBLASCore.core(forProcessors: "flags\t\t: fpu sse2\n") == nil)
    #expect(OpenBLASCore.core(forProcessors: "Features\t: fp asimd\n") == nil)
    #expect(OpenBLASCore.core(forProcessors: "") == nil)
  }

  @Test("Groups cover a batch of any size, in order", arguments: [1, 2, 3, 4, 6, 31, 32])
  func groupsCoverTheBatchInOrder(images: Int) {
    let groups = ImageGroups(images: images, threads: 8)
    #expect(groups.threads == ImageGroups.count)
    let covered = (0..<ImageGroups.count).flatMap { Array(groups.images(of: $0)) }
    #expect(covered == Array(0..<images))
    #expect((0..<ImageGroups.count).allSatisfy { groups.images(of: $0).count <= groups.largest })
  }

  @Test("Every group with images is visited once, by any number of threads", arguments: [1, 2, 4])
  func everyGroupWithImagesIsVisitedOnce(threads: Int) {
    let groups = ImageGroups(images: 3, threads: threads)
    let visits = Buffer<Int>(3)
    groups.forEach { _, images, worker in
      precondition(worker < threads)
      for image in images { visits.base[image] += 1 }
    }
    #expect(visits.array(0..<3) == [1, 1, 1])
  }
}

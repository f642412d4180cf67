#include "core/train/world_c10d.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"

#ifdef TOMOLOUPE_GLOO

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef TOMOLOUPE_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "core/nn/compute.h"
#include "core/train/own_address.h"

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;
using Tensors = std::vector<at::Tensor>;

/// The first line of what LibTorch or Gloo say, without the place in their sources.
std::string reasonOf(const std::exception& cause) {
    const auto* torchError = dynamic_cast<const c10::Error*>(&cause);
    std::string text = torchError ? torchError->what_without_backtrace() : cause.what();
    text = text.substr(0, text.find('\n'));
    const std::size_t place = text.rfind('[', 0) == 0 ? text.find("] ") : std::string::npos;
    return place == std::string::npos ? text : text.substr(place + 2);
}

/// Where all of them meet: a table of names and values that rank 0, or the launcher, serves.
class MeetingPlace {
  public:
    MeetingPlace(const Rank& rank, const std::string& name, const std::function<void()>& interrupt)
        : rank_(rank), deadline_(Clock::now() + rank.timeout) {
        const bool serves = rank.rank == 0 && !rank.launcherServes;
        if (serves) connect(true);  // others find nobody before
        address_ = ownAddressToward(rank.masterAddress, rank.masterPort, rank.timeout, interrupt);
        if (!serves) connect(false);
        store_ = c10::make_intrusive<c10d::PrefixStore>(fmt::format("tomoloupe/{}/{}", name, rank.attempt), store_);
    }

    [[nodiscard]] const c10::intrusive_ptr<c10d::Store>& store() const { return store_; }
    /// Of this machine as the others see it.
    [[nodiscard]] const std::string& address() const { return address_; }

    /// What every rank says, once all have come.
    [[nodiscard]] std::vector<std::string> exchange(const std::string& mine, const std::function<void()>& interrupt) {
        try {
            store_->set(key(rank_.rank), std::vector<std::uint8_t>(mine.begin(), mine.end()));
            std::vector<int> missing;
            for (;;) {
                missing = absent();
                if (missing.empty()) break;
                if (Clock::now() >= deadline_) failWithout(missing);
                interrupt();
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
            std::vector<std::string> all;
            for (int other = 0; other < rank_.size; ++other) {
                const std::vector<std::uint8_t> said = store_->get(key(other));
                all.emplace_back(said.begin(), said.end());
            }
            return all;
        } catch (const Error&) {
            throw;
        } catch (const std::exception& cause) {
            throw Error(fmt::format("The first process of the run has gone before all {} had come together ({}); see what it says",
                                    rank_.size, reasonOf(cause)));
        }
    }

  private:
    static std::string key(int rank) { return fmt::format("here/{}", rank); }

    void connect(bool serves) {
        c10d::TCPStoreOptions options;
        options.port = rank_.masterPort;
        options.isServer = serves;
        options.waitWorkers = false;
        options.timeout = rank_.timeout;
        avoidLibUv(options);
        try {
            store_ = c10::make_intrusive<c10d::TCPStore>(rank_.masterAddress, options);
        } catch (const std::exception& cause) {
            throw Error(serves ? fmt::format("Cannot listen at {}:{} for the other processes of the run ({}): choose another MASTER_PORT, "
                                             "and see that MASTER_ADDR names this machine", rank_.masterAddress, rank_.masterPort, reasonOf(cause))
                               : fmt::format("Cannot speak with what listens at {}:{} ({}): is it the first process of this run, with the "
                                             "same version of the program?", rank_.masterAddress, rank_.masterPort, reasonOf(cause)));
        }
    }

    /// LibTorch 2 asks for a server by libuv unless told otherwise; some builds have none.
    template <typename Options>
    static void avoidLibUv(Options& options) {
        if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
    }

    [[nodiscard]] std::vector<int> absent() {
        std::vector<int> missing;
        for (int other = 0; other < rank_.size; ++other)
            if (!store_->check({key(other)})) missing.push_back(other);
        return missing;
    }

    [[noreturn]] void failWithout(const std::vector<int>& missing) const {
        std::vector<int> numbers;
        for (const int other : missing) numbers.push_back(other + 1);
        throw Error(fmt::format("Only {} of {} processes came together at {}:{} within {} s; number {} is missing. See what it says and "
                                "start all of them again with resume (TOMOLOUPE_RANK_TIMEOUT sets how many seconds they wait)",
                                rank_.size - int(missing.size()), rank_.size, rank_.masterAddress, rank_.masterPort, rank_.timeout.count(),
                                fmt::join(numbers, ", ")));
    }

    const Rank& rank_;
    Clock::time_point deadline_;
    std::string address_;
    c10::intrusive_ptr<c10d::Store> store_;
};

class JoinedWorld : public World {
  public:
    JoinedWorld(const Rank& rank, const std::string& name, const at::Device& device, const std::function<void()>& interrupt) : rank_(rank) {
        MeetingPlace place(rank_, name, interrupt);
        shareCores(place.exchange(coresInUse(), interrupt));
        told([&] {
            const auto options = c10d::ProcessGroupGloo::Options::create(rank_.timeout);
            options->devices.push_back(networkDevice(place.address()));
            gloo_ = c10::make_intrusive<c10d::ProcessGroupGloo>(place.store(), rank_.rank, rank_.size, options);
#ifdef TOMOLOUPE_NCCL
            if (device.is_cuda()) {
                const auto settings = c10d::ProcessGroupNCCL::Options::create();
                settings->timeout = rank_.timeout;
                nccl_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>("nccl", place.store()), rank_.rank,
                                                                    rank_.size, settings);
            }
#else
            (void)device;
#endif
        });
    }

    [[nodiscard]] int rank() const override { return rank_.rank; }
    [[nodiscard]] int size() const override { return rank_.size; }

    [[nodiscard]] at::Tensor gatherRows(const at::Tensor& mine) override {
        at::NoGradGuard noGrad;
        Tensors input{carried(mine.detach().contiguous())};
        std::vector<std::int64_t> shape = mine.sizes().vec();
        shape[0] *= size();
        const at::Tensor all = at::empty(shape, input[0].options());
        std::vector<Tensors> outputs{all.chunk(size())};
        told([&] { over(input[0], [&](auto& group) { return group.allgather(outputs, input); }); });
        return all.to(mine.device());
    }

    /// In one message: a network has dozens of tensors, most of them small.
    void sum(std::span<const at::Tensor> tensors) override {
        if (tensors.empty()) return;
        at::NoGradGuard noGrad;
        Tensors flat;
        for (const at::Tensor& tensor : tensors) flat.push_back(tensor.reshape({-1}));
        Tensors message{carried(at::cat(flat))};
        told([&] { over(message[0], [&](auto& group) { return group.allreduce(message); }); });
        std::int64_t start = 0;
        for (const at::Tensor& tensor : tensors) {
            tensor.copy_(message[0].narrow(0, start, tensor.numel()).view(tensor.sizes()));
            start += tensor.numel();
        }
    }

    [[nodiscard]] double largest(double mine) override {
        Tensors message{at::full({1}, mine, at::kDouble)};
        c10d::AllreduceOptions options;
        options.reduceOp = c10d::ReduceOp::MAX;
        told([&] { gloo_->allreduce(message, options)->wait(); });
        return message[0].item<double>();
    }

  private:
    /// $GLOO_SOCKET_IFNAME is how other programs over Gloo are told which network to take.
    static std::shared_ptr<::gloo::transport::Device> networkDevice(const std::string& address) {
        const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
        return interface && *interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                       : c10d::ProcessGroupGloo::createDeviceForHostname(address);
    }

    void shareCores(const std::vector<std::string>& coresOfAll) const {
        const auto sharing = std::count(coresOfAll.begin(), coresOfAll.end(), coresOfAll[std::size_t(rank_.rank)]);
        at::set_num_threads(std::max(1, coresAllowed() / int(sharing)));
    }

    /// Where the group that carries it wants it.
    [[nodiscard]] at::Tensor carried(const at::Tensor& tensor) const {
#ifdef TOMOLOUPE_NCCL
        if (nccl_) return tensor;
#endif
        return tensor.cpu();
    }

    template <typename Operation>
    void over(const at::Tensor& message, Operation&& operation) {
#ifdef TOMOLOUPE_NCCL
        if (message.is_cuda()) {
            operation(*nccl_)->wait();
            return;
        }
#endif
        (void)message;
        operation(*gloo_)->wait();
    }

    template <typename Work>
    void told(Work&& work) const {
        try {
            work();
        } catch (const std::exception& cause) {
            throw Error(fmt::format("Among {} processes, number {} lost another one ({}): it has ended or does not answer; see what it says. "
                                    "The last checkpoint is kept; start all of them again with resume", rank_.size, rank_.rank + 1, reasonOf(cause)));
        }
    }

    Rank rank_;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;
#ifdef TOMOLOUPE_NCCL
    c10::intrusive_ptr<c10d::ProcessGroupNCCL> nccl_;
#endif
};

}  // namespace

bool canJoinWorlds() { return true; }

std::unique_ptr<World> joinWorld(const Rank& rank, const std::string& name, const at::Device& device, const std::function<void()>& interrupt) {
    return std::make_unique<JoinedWorld>(rank, name, device, interrupt);
}

}  // namespace tomoloupe

#else

namespace tomoloupe {

bool canJoinWorlds() { return false; }

std::unique_ptr<World> joinWorld(const Rank& rank, const std::string& /*name*/, const at::Device& /*device*/,
                                 const std::function<void()>& /*interrupt*/) {
    throw Error(fmt::format("{} processes were started together, but this program was built without Gloo, by which they would speak with each "
                            "other: start one, or install Gloo's headers (Debian: libgloo-dev) and build again", rank.size));
}

}  // namespace tomoloupe

#endif
